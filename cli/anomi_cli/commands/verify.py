"""`anomi verify`."""

from __future__ import annotations

from pathlib import Path

import click

from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE
from anomi_cli.trade.options import Options, parse_address, trade_options
from anomi_core.errors import UsageError

__all__ = ["verify"]


@click.command()
@click.argument("vk", type=EXISTING_FILE, metavar="VK.json")
@click.argument("public", type=EXISTING_FILE, metavar="public.json")
@click.argument("proof", type=EXISTING_FILE, metavar="proof.json")
@click.option(
    "--backend",
    type=click.Choice(["auto", "native", "snarkjs", "py-ecc"]),
    default="auto",
    show_default=True,
    help="auto: the native core when it is installed, else py-ecc.",
)
@click.option(
    "--onchain", is_flag=True, help="Ask groth16_verifier instead: simulate the exact call, signing and paying nothing."
)
@click.option(
    "--payer",
    metavar="ADDRESS",
    help="With --onchain: any address with lamports, to stand for the fee payer.  [default: the wallet's]",
)
@trade_options(place=False, url=True, wallet=True)
@common_options
def verify(
    output: Output,
    vk: Path,
    public: Path,
    proof: Path,
    backend: str,
    onchain: bool,
    payer: str | None,
    options: Options,
) -> None:
    """Verify proof.json for public.json under VK.json; exit 0 when it is valid, 1 when it is refused.

    With --onchain the program on the cluster decides, over the key that `anomi vk deploy` stored, and the answer says
    how many compute units the call takes.
    """
    if onchain:
        if backend != "auto":
            raise UsageError("--onchain is a backend of its own: leave --backend away")
        _verify_on_chain(output, vk, public, proof, payer, options)
        return
    if payer is not None:
        raise UsageError("--payer is for --onchain")
    from anomi_prover.verify import read_proof, read_public_inputs, read_verifying_key, verifier
    from anomi_prover.verify import verify as check

    used = verifier(backend).NAME
    public_inputs = read_public_inputs(public)
    check(read_verifying_key(vk), public_inputs, read_proof(proof), backend)
    output.result(
        {"valid": True, "backend": used, "public_inputs": [str(value) for value in public_inputs]},
        f"valid (checked by {used})",
    )


def _verify_on_chain(output: Output, vk: Path, public: Path, proof: Path, payer: str | None, options: Options) -> None:
    from anomi_cli.key_file import read_key_file
    from anomi_core.groth16.solana import verifying_key_body_hash
    from anomi_prover.verify import read_proof, read_public_inputs
    from anomi_sdk.groth16_verifier import verifying_key_address
    from anomi_sdk.verifier_client import fetch_key, simulate_verify

    address = verifying_key_address(verifying_key_body_hash(read_key_file(vk).body))
    public_inputs, made = read_public_inputs(public), read_proof(proof)
    paying = options.keypair().pubkey() if payer is None else parse_address(payer)
    with options.rpc() as rpc:
        fetch_key(rpc, address)
        outcome = simulate_verify(rpc, paying, address, made, public_inputs)
    output.result(
        {
            "valid": True,
            "backend": "onchain",
            "verifying_key": str(address),
            "compute_units": outcome.compute_units,
            "bytes": outcome.size_bytes,
            "public_inputs": [str(value) for value in public_inputs],
        },
        f"valid (simulated on chain: {outcome.compute_units:,} CU, a transaction of {outcome.size_bytes} bytes)",
    )
