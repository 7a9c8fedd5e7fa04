"""`anomi vk export | deploy | show | check`: verifying keys, in files and on chain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from anomi_cli.commands.raw import emit
from anomi_cli.output import Output, common_options
from anomi_cli.paths import EXISTING_FILE, NEW_FILE, check_outputs
from anomi_cli.trade.options import Options, parse_address, trade_options
from anomi_core.errors import RefusedError

if TYPE_CHECKING:
    from anomi_cli.key_file import KeyFile
    from anomi_sdk.verifier_client import UploadPlan

__all__ = ["KeyDiffersError", "LamportsMissingError", "vk"]


class LamportsMissingError(RefusedError):
    """The wallet holds fewer lamports than a key's rent and the fees take."""


class KeyDiffersError(RefusedError):
    """The key on chain is not the one in the file."""


@click.group()
def vk() -> None:
    """Export the verifying key of a zkey; keep verifying keys on chain, where programs find them.

    groth16_verifier keeps a key at the address of its own hash: whoever deploys it, it stands there, and it can never
    be changed or closed. A program that pins the address pins the circuit and its setup.
    """


@vk.command()
@click.argument("zkey", type=EXISTING_FILE, metavar="ZKEY")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "solana", "rust"]),
    default="json",
    show_default=True,
    help="json: snarkjs's form. solana: the raw key body of groth16_verifier. rust: the body as a constant.",
)
@click.option("-o", "--output", "out", type=NEW_FILE, metavar="FILE", help="Default: stdout.")
@common_options
def export(output: Output, zkey: Path, form: str, out: Path | None) -> None:
    """Export the verifying key of ZKEY."""
    from anomi_prover.vk import export as render

    check_outputs((out,) if out else (), inputs=(zkey,))
    with output.progress() as progress:
        data = render(zkey, form, progress=progress)
    if out is None and output.as_json:
        output.result(
            {"format": form, "hex": data.hex()} if form == "solana" else {"format": form, "text": data.decode()},
            "",
        )
        return
    emit(data, out, binary=form == "solana")
    if out is not None:
        output.result({"format": form, "file": str(out), "bytes": len(data)}, f"wrote {out} ({len(data)} bytes)")


@vk.command()
@click.argument("key", type=EXISTING_FILE, metavar="VK.json|ZKEY")
@click.option("--development", is_flag=True, help="Take a development key too: anybody can forge proofs under it.")
@trade_options(place=False, url=True, wallet=True, steps=True)
@common_options
def deploy(output: Output, key: Path, development: bool, options: Options) -> None:
    """Store a verifying key on chain, once and for ever.

    The key is checked here as the program will check it, and what it costs is said before. Whatever ends the command,
    the same words again go on from what is there: nothing is paid twice. A key that is stored already costs nothing.
    """
    from anomi_cli.key_file import read_key_file, refuse_forgeable
    from anomi_cli.trade.steps import Steps
    from anomi_sdk.trade.prepared import Audience, Disclosure, Prepared
    from anomi_sdk.verifier_client import VerifierClient

    found = read_key_file(key)
    refuse_forgeable(found.origin, development=development)
    wallet = options.keypair()
    with options.rpc() as rpc, output.progress() as progress:
        client = VerifierClient(rpc, wallet, micro_lamports_per_unit=options.micro_lamports_per_unit)
        plan = client.plan_upload(found.body)
        steps = Steps(output, yes=options.yes)
        if plan.transactions:
            account = rpc.accounts([wallet.pubkey()])[0]
            _require_lamports(plan, 0 if account is None else account.lamports)
            discloses = (Disclosure(Audience.CHAIN, "the verifying key", str(plan.verifying_key)),)
            steps.agree(Prepared("deploy_key", discloses, follows=_costs(plan, found)))
            progress.start("storing the key", plan.transactions)
        upload = client.upload_key(found.body, on_transaction=lambda _: progress.advance(1))
    told = {
        **_key_json(str(upload.verifying_key), found),
        "stored_before": plan.stored,
        "went_on": plan.staged and not plan.stored,
        "lamports": {
            "key_rent": plan.key_rent_lamports,
            "staging_rent_returned": plan.staging_rent_lamports,
            "fees": plan.fee_lamports,
        },
        "transactions": [
            {"signature": outcome.signature, "compute_units": outcome.compute_units, "bytes": outcome.size_bytes}
            for outcome in upload.transactions
        ],
    }
    done = "it was there already" if plan.stored else f"stored in {_transactions(len(upload.transactions))}"
    output.result(told, f"{upload.verifying_key}\n  {_key_text(found)}\n  {done}")


@vk.command()
@click.argument("address")
@trade_options(place=False, url=True)
@common_options
def show(output: Output, address: str, options: Options) -> None:
    """Show the key that is stored at ADDRESS. Its hash is computed here again."""
    found = _fetched(address, options)
    output.result(_key_json(address, found), f"{address}\n  {_key_text(found)}\n  {found.origin.value}")


@vk.command()
@click.argument("address")
@click.argument("key", type=EXISTING_FILE, metavar="VK.json|ZKEY")
@trade_options(place=False, url=True)
@common_options
def check(output: Output, address: str, key: Path, options: Options) -> None:
    """Check that the key stored at ADDRESS is the one in the file; exit 0 when it is, 1 when it is another."""
    from anomi_cli.key_file import read_key_file
    from anomi_sdk.groth16_verifier import verifying_key_address

    wanted = read_key_file(key)
    found = _fetched(address, options)
    if found.body != wanted.body:
        raise KeyDiffersError(
            f"the key at {address} is not the one in {key}, whose address is {verifying_key_address(_hash(wanted))}"
        )
    output.result(
        _key_json(address, wanted),
        f"{address} holds the key of {key}\n  {_key_text(wanted)}\n  {wanted.origin.value}",
    )


def _fetched(address: str, options: Options) -> KeyFile:
    """Return the key at an address. Raises what `VerifierClient.fetch_key` does."""
    from anomi_cli.key_file import KeyFile, origin_of
    from anomi_core.groth16.solana import verifying_key_from_body
    from anomi_sdk.verifier_client import fetch_key

    wanted = parse_address(address)
    with options.rpc() as rpc:
        body = fetch_key(rpc, wanted).body
    key = verifying_key_from_body(body)
    return KeyFile(key, body, origin_of(key))


def _require_lamports(plan: UploadPlan, held: int) -> None:
    if held < plan.needed_lamports:
        raise LamportsMissingError(
            f"storing this key takes {_sol(plan.needed_lamports)}, and the wallet holds {_sol(held)}",
            hint="send it some; the staging rent in it comes back",
        )


def _costs(plan: UploadPlan, found: KeyFile) -> tuple[str, ...]:
    """Return what storing a key costs from here on, and who can undo what."""
    costs = [f"{_transactions(plan.transactions)}, {_sol(plan.fee_lamports)} of fees"]
    if plan.stored:
        return (
            *costs,
            "the key is stored already; the rest of an upload of this wallet is closed, and its rent returned",
        )
    costs.append(f"{_sol(plan.key_rent_lamports)} of rent for the key, for ever: nobody can change or close it")
    if plan.staged:
        costs.append("an upload of this wallet goes on where it ended; its staging rent comes back at the end")
    else:
        costs.append(
            f"{_sol(plan.staging_rent_lamports)} of rent for the staging account, which comes back at the end;"
            " until then this wallet alone can write or close it"
        )
    return (*costs, found.origin.value)


def _transactions(count: int) -> str:
    return f"{count} transaction{'' if count == 1 else 's'}"


def _sol(lamports: int) -> str:
    return f"{lamports / 10**9:.9f} SOL"


def _hash(found: KeyFile) -> bytes:
    from anomi_core.groth16.solana import verifying_key_body_hash

    return verifying_key_body_hash(found.body)


def _key_json(address: str, found: KeyFile) -> dict[str, object]:
    return {
        "verifying_key": address,
        "body_sha256": _hash(found).hex(),
        "public_inputs": found.key.public_input_count,
        "bytes": len(found.body),
        "origin": found.origin.name.lower(),
    }


def _key_text(found: KeyFile) -> str:
    count = found.key.public_input_count
    return f"{count} public input{'' if count == 1 else 's'}, {len(found.body)} bytes, sha256 {_hash(found).hex()}"
