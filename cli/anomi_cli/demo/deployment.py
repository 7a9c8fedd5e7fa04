"""What the one who governs does before anybody can trade: config, market, terms, the verifying keys, a longer book."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_cli.adapters.prover import LocalProver
from anomi_cli.demo.chain import LAMPORTS, Chain, development_key
from anomi_cli.demo.world import World
from anomi_core.registry import AttestorSet
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.groth16_verifier import verifying_key_address
from anomi_sdk.trade.markets import MarketRef, field_bytes
from anomi_sdk.verifier_client import VerifierClient

__all__ = ["FEE_BPS", "MIN_FILL_ATOMS", "Deployment"]

FEE_BPS: Final = 30
MIN_ASK_ATOMS: Final = 1_000_000
MIN_FILL_ATOMS: Final = 500_000
UNUSED_KEY: Final = market_program.AttestorKey(bytes(32), bytes(32))


class Deployment:
    """A market of the demo's token against easypaisa, and who governs it."""

    def __init__(self, world: World, prover: LocalProver) -> None:
        """Take no step yet."""
        self._world = world
        self._chain: Chain = world.chain
        self._prover = prover
        self.governor: Keypair = world.chain.wallet("the governor")
        self.ref = MarketRef(world.chain.mint, world.rail)
        self.market: Pubkey = self.ref.address
        self.keys = {name: verifying_key_address(prover.verifying_key_hash(name)) for name in prover.circuits}

    def upload_keys(self) -> None:
        """Store both verifying keys through their staging accounts."""
        client = VerifierClient(self._chain.svm, self._chain.gas)
        for circuit in self._prover.circuits.values():
            client.upload_key(circuit.key_body)

    def open_market(self) -> None:
        """Create config and market, and make the book longer."""
        chain = self._chain
        initializer = development_key(market_program.INITIALIZER_SEED_TEXT)
        chain.svm.airdrop(initializer.pubkey(), LAMPORTS)
        config = market_program.initialize_config(
            initializer=initializer.pubkey(),
            config=market_program.config_address(),
            authority=self.governor.pubkey(),
            treasury=self._world.treasury.pubkey(),
            genesis_hash=chain.svm.genesis_hash(),
        )
        chain.send([config], [initializer]).require_success()
        rail, book = self._world.rail, market_program.book_address(self.market)
        opened = market_program.initialize_market(
            authority=self.governor.pubkey(),
            config=market_program.config_address(),
            base_mint=chain.mint,
            market=self.market,
            book=book,
            provider_id=rail.provider_id,
            iso4217_numeric=rail.iso4217_numeric,
            exponent=rail.exponent,
        )
        grown = market_program.grow_book(payer=chain.gas.pubkey(), book=book)
        chain.send([opened, grown], [self.governor]).require_success()

    def publish_terms(self, version: int, attestors: AttestorSet) -> None:
        """Publish terms with an attestor set; the program works its root out again."""
        published = market_program.publish_terms(
            authority=self.governor.pubkey(),
            config=market_program.config_address(),
            market=self.market,
            terms=market_program.terms_address(self.market, version),
            solvency_key=self.keys["solvency"],
            payment_key=self.keys["payment"],
            version=version,
            attestor_k=attestors.k,
            attestor_n=len(attestors.keys),
            attestor_depth=attestors.depth,
            attestor_keys=_padded(attestors),
            fee_bps=FEE_BPS,
            reveal_window_s=30 * 60,
            pay_window_s=24 * 3600,
            prove_window_s=6 * 3600,
            strikes_max=3,
            cooldown_s=7 * 86_400,
            free_cancel_grace_s=15 * 60,
            free_cancel_interval_s=86_400,
            min_ask_atoms=MIN_ASK_ATOMS,
            min_fill_atoms=MIN_FILL_ATOMS,
        )
        self._chain.send([published], [self.governor]).require_success()

    def terms(self, version: int = 1) -> market_program.Terms:
        """Return the terms as the chain has them."""
        return market_program.Terms.read(self._chain.svm.accounts([self.terms_address(version)])[0])

    def terms_address(self, version: int = 1) -> Pubkey:
        """Return the account of one version of the terms."""
        return market_program.terms_address(self.market, version)


def _padded(attestors: AttestorSet) -> Sequence[market_program.AttestorKey]:
    used = [market_program.AttestorKey(field_bytes(key.ax), field_bytes(key.ay)) for key in attestors.keys]
    return [*used, *[UNUSED_KEY] * (market_program.ATTESTORS_MAX - len(used))]
