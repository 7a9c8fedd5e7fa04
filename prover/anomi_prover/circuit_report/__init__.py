"""What a circuit costs and where its source invites mistakes: the analysis behind `anomi circuit report`."""
