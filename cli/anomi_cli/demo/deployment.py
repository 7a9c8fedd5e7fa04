"""What the one who governs does before anybody can trade: config, market, terms, the verifying keys, a longer book."""

from __future__ import annotations

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from anomi_cli.adapters.prover import LocalProver
from anomi_cli.demo.chain import LAMPORTS, Chain
from anomi_cli.demo.world import World
from anomi_cli.trade.founding import default_terms, found_config, initializer, open_market
from anomi_core.registry import AttestorSet
from anomi_sdk.generated import market as market_program
from anomi_sdk.generated.groth16_verifier import verifying_key_address
from anomi_sdk.trade.markets import MarketRef
from anomi_sdk.verifier_client import VerifierClient

__all__ = ["Deployment"]


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
        chain, governor = self._chain, self.governor.pubkey()
        chain.svm.airdrop(initializer().pubkey(), LAMPORTS)
        config = found_config(chain.svm, governor, self._world.treasury.pubkey())
        chain.send([config], [initializer()]).require_success()
        chain.send(open_market(chain.gas.pubkey(), governor, self.ref), [self.governor]).require_success()

    def publish_terms(self, version: int, attestors: AttestorSet) -> None:
        """Publish terms with an attestor set; the program works its root out again."""
        draft = default_terms(self._prover, attestors)
        published = draft.publication(self.governor.pubkey(), self.market, version)
        self._chain.send([published], [self.governor]).require_success()

    def terms(self, version: int = 1) -> market_program.Terms:
        """Return the terms as the chain has them."""
        return market_program.Terms.read(self._chain.svm.accounts([self.terms_address(version)])[0])

    def terms_address(self, version: int = 1) -> Pubkey:
        """Return the account of one version of the terms."""
        return market_program.terms_address(self.market, version)
