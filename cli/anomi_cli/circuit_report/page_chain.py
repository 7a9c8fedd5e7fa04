"""The part of the page about the chain: what verifying costs, and what hashing the public inputs would."""

from __future__ import annotations

from html import escape
from typing import Any, Final

__all__ = ["chain_section"]

LAMPORTS_PER_SOL: Final = 1_000_000_000


def chain_section(data: dict[str, Any]) -> str:
    """Return the section, or nothing for a circuit without a main component."""
    chain, proving, size = data["chain"], data["proving"], data["size"]
    if chain is None or size is None:
        return ""
    count = chain["public_inputs"]
    rows = [("compute units of verify", f"{chain['verify_cu']:,}")]
    fits = "" if chain["fits_packet"] else ', <span class="error">more than a packet&#39;s 1,232</span>'
    rows.append(("transaction that verifies", f"{chain['verify_transaction_bytes']:,} bytes{fits}"))
    if chain["fits_program"]:
        rows += [
            ("verifying key account", f"{chain['key_account_bytes']:,} bytes"),
            ("its rent, never back", _sol(chain["key_rent_lamports"])),
            ("staging rent, back with the last transaction", _sol(chain["staging_rent_lamports"])),
            (
                "upload",
                f"{_count(chain['upload_transactions'], 'transaction')}, {_sol(chain['upload_fee_lamports'])} in fees",
            ),
        ]
    else:
        rows.append(
            ("verifying key", '<span class="error">groth16_verifier takes at most 16 public inputs: hash them</span>')
        )
    rows += [
        ("proving key", f"{proving['key_bytes'] / 2**20:,.1f} MiB"),
        (
            "proving, estimated",
            f"about {proving['seconds_two_cores']:.2g} s on two cores, {proving['memory_mib']:,.0f} MiB",
        ),
    ]
    cells = "".join(f'<tr><td>{name}</td><td class="n">{value}</td></tr>' for name, value in rows)
    parts = [f'<h2 id="chain">On Solana, with {_count(count, "public input")}</h2><table class="facts">{cells}</table>']
    if chain["poseidon"] is not None:
        parts.append(_hashing(data))
    return "\n".join(parts)


def _hashing(data: dict[str, Any]) -> str:
    chain, hashed = data["chain"], data["hashed"]
    rows: list[tuple[str, int, int, int | None]] = [("as it is", 0, chain["verify_cu"], 0)]
    for name, key, added in (
        ("Poseidon", "poseidon", "added_constraints"),
        ("SHA-256", "sha256", "sha256_added_constraints"),
    ):
        cost = chain[key]
        rows.append(
            (
                f"hashed by {name}",
                cost["hash_cu"],
                cost["hash_cu"] + cost["verify_cu"],
                hashed[added] if hashed else None,
            )
        )
    cells = "".join(
        f'<tr><td>{name}</td><td class="n">{syscall:,}</td><td class="n">{total:,}</td>'
        f'<td class="n">{f"{added:,}" if added is not None else "–"}</td></tr>'
        for name, syscall, total, added in rows
    )
    saved = chain["verify_cu"] - chain["poseidon"]["hash_cu"] - chain["poseidon"]["verify_cu"]
    parts = [
        "<h3>One public input instead: their hash</h3>"
        f"<p>Poseidon saves {saved:,} compute units here; it is cheaper on chain from two public inputs on. It pays "
        "where the program that asks for the proof knows the values anyway: it hashes them itself and passes "
        "one number on. SHA-256 is a little cheaper on chain and about a hundred times dearer in the circuit.</p>"
        '<table class="facts"><thead><tr><th></th><th class="n">hash syscall</th><th class="n">compute units</th>'
        f'<th class="n">constraints added</th></tr></thead><tbody>{cells}</tbody></table>'
    ]
    if hashed is not None:
        for key, title in (("circom", "The circuit around it, a file of its own"), ("rust", "In the program")):
            parts.append(
                f'<h3>{title} <button type="button" data-copy="lines-{key}">copy</button></h3>'
                f'<pre id="lines-{key}">{escape(hashed[key])}</pre>'
            )
    return "\n".join(parts)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _sol(lamports: int) -> str:
    return f"{lamports / LAMPORTS_PER_SOL:.6f} SOL"
