"""Services: libraries with a thin run."""
