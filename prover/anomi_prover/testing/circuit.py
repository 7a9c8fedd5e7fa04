"""One circuit under test: what it must accept, what it must refuse, and whether its constraints alone do so."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final, NoReturn

from anomi_core.errors import AnomiError, UsageError
from anomi_core.field import FR_MODULUS
from anomi_prover import tools
from anomi_prover.cache import Cache
from anomi_prover.circuit_map import CircuitMap, without_indices
from anomi_prover.circuit_words import check_names, describe_constraint, source_line
from anomi_prover.compile import CompiledCircuit, compile_circuit
from anomi_prover.compile_sources import read_sources
from anomi_prover.files import atomic_write, sha256_bytes
from anomi_prover.prove import ProofBundle, prove
from anomi_prover.r1cs import R1cs, read_r1cs
from anomi_prover.setup_key import KeyBundle, make_development_key
from anomi_prover.soundness.findings import Determinism, Finding, Severity, second_witnesses, unbound_inputs
from anomi_prover.soundness.neighbourhood import Neighbourhood
from anomi_prover.soundness.search import find_witness
from anomi_prover.sym import Sym, read_sym
from anomi_prover.testing.coverage import CircuitCoverage
from anomi_prover.testing.unasserted import without_refusals
from anomi_prover.verify import read_verifying_key, verify
from anomi_prover.witness import WitnessCalculator, WitnessError

__all__ = ["CircuitFailure", "CircuitUnderTest", "Edit", "Refusal", "Witness", "main_around"]

DEPLOYED: Final = "O2"
"""What `anomi circuit compile` makes by default, and so what is counted and proven."""
SHOWN: Final = 3
TRACE_PATTERN: Final = re.compile(r"Error in template (\S+?)(?:_\d+)? line: (\d+)")

Values = int | list["Values"]


class CircuitFailure(AssertionError):  # noqa: N818 -- pytest shows the name of what failed, and this is a failed test
    """A circuit does not do what a test says; the message names signals, values, template and line."""


def main_around(source: Path, template: str, params: Sequence[object], public: Sequence[str]) -> str:
    """Return the text of a file whose main component is `template` of the file `source`."""
    publics = f" {{public [{', '.join(public)}]}}" if public else ""
    return (
        f'pragma circom 2.0.0;\n\ninclude "{source.name}";\n\n'
        f"component main{publics} = {template}({', '.join(_literal(value) for value in params)});\n"
    )


def _literal(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | list | tuple):
        raise UsageError(f"a template's parameters are integers and lists of them; {value!r} came")
    if isinstance(value, int):
        return str(value % FR_MODULUS)
    return f"[{', '.join(_literal(one) for one in value)}]"


class CircuitUnderTest:
    """A compiled circuit. Checks are made at `optimisation`, O0 by default: every signal as it was written."""

    def __init__(
        self,
        source: Path,
        *,
        template: str | None = None,
        params: Sequence[object] = (),
        public: Sequence[str] = (),
        include: Sequence[Path] = (),
        optimisation: str = "O0",
        scratch: Path,
        coverage: CircuitCoverage | None = None,
    ) -> None:
        """Compile `source`, or a main component around its `template`.

        Raises what `compile_circuit` raises, UsageError.
        """
        if template is None and (params or public):
            raise UsageError("params and public need a template: they are of the main component made around it")
        self.name = f"{template}({', '.join(map(_literal, params))})" if template else source.stem
        self._folders = [source.parent, *include, *_circomlib()]
        if template is not None:
            text = main_around(source, template, params, public).encode()
            # Named by its content, so that the same main is found in the cache again.
            source = scratch / f"{template}_{sha256_bytes(text)[:12]}.circom"
            if not source.is_file():
                atomic_write(source, text)
        self.source = source
        self.optimisation = optimisation
        self._scratch = scratch
        self._coverage = coverage
        self.compiled = self._compile(optimisation)

    def __repr__(self) -> str:
        return f"<circuit {self.name} at {self.optimisation}>"

    @cached_property
    def r1cs(self) -> R1cs:
        """The constraints."""
        return read_r1cs(self.compiled.r1cs)

    @cached_property
    def sym(self) -> Sym:
        """The names of the signals."""
        return read_sym(self.compiled.sym)

    @cached_property
    def map(self) -> CircuitMap:
        """Templates and lines of the constraints."""
        sources = read_sources(self.source, self._folders)
        return CircuitMap.read(self.r1cs, self.sym, sources, as_written=self.optimisation == "O0")

    def witness(self, inputs: Mapping[str, object]) -> Witness:
        """Return the witness that circom's calculator computes; fail when it refuses the inputs."""
        __tracebackhide__ = True
        try:
            values = self._calculator.calculate(inputs)
        except WitnessError as error:
            self._fail(f"{self.name} refuses these inputs\n{self._why(inputs, error)}", error)
        broken = self.r1cs.first_violation(values)
        if broken is not None:
            self._fail(
                f"{self.name}: the calculator's own witness is refused\n{describe_constraint(self.map, broken, values)}"
            )
        if self._coverage is not None:
            self._coverage.saw_values(self, values)
        return Witness(self, values, inputs)

    def outputs(self, inputs: Mapping[str, object]) -> dict[str, Values]:
        """Return the outputs by name, arrays as nested lists."""
        __tracebackhide__ = True
        return self.witness(inputs).outputs

    def expect_pass(self, inputs: Mapping[str, object], **outputs: object) -> dict[str, Values]:
        """See the inputs accepted; compare the outputs that are given by name; return all outputs."""
        __tracebackhide__ = True
        found = self.outputs(inputs)
        for name, expected in outputs.items():
            if name not in found:
                self._fail(f"{self.name} has no output {name}; it has {', '.join(found) or 'none'}")
            for at, one, other in _differences(name, expected, found[name]):
                stands = self.map.statement_of(f"main.{at}")
                place = f" ({stands[0]}:{stands[1]}: {source_line(*stands)})" if stands else ""
                self._fail(f"{self.name}: main.{at} is {other}, expected {one}{place}")
        return found

    def expect_fail(self, inputs: Mapping[str, object], at: str | None = None) -> Refusal:
        """See the inputs refused: by the calculator, by the constraints alone, and however a cheat completes the wires.

        `at` names where: a signal of a constraint that breaks, with or without `main.` and indices; a template, or
        `Template:line`; or the check's name, as the comment above or behind it says. Wrong names and shapes of inputs
        are no refusals: their errors are raised.
        """
        __tracebackhide__ = True
        try:
            values = self._calculator.calculate(inputs)
        except WitnessError as error:
            refusal = self._refusal(inputs, error)
        else:
            outputs = Witness(self, values, inputs).outputs
            self._fail(f"{self.name} accepts inputs that it must refuse; outputs: {outputs}")
        if at is not None and at not in refusal.places:
            self._fail(
                f"{self.name} refuses, but not at {at!r}\n{refusal.described}\n"
                f"names of this place: {', '.join(sorted(refusal.places))}"
            )
        return refusal

    def expect_constraints(self, *, at_most: int | None = None, exactly: int | None = None) -> int:
        """Compare the number of constraints, counted at O2 as the circuit is deployed; return it."""
        __tracebackhide__ = True
        count = self._deployed_r1cs.n_constraints
        if at_most is not None and count > at_most:
            self._fail(
                f"{self.name} has {count:,} constraints, {count - at_most:,} more than the ceiling of {at_most:,}"
            )
        if exactly is not None and count != exactly:
            self._fail(f"{self.name} has {count:,} constraints, expected exactly {exactly:,}")
        return count

    def expect_inputs_bound(self) -> None:
        """See every input stand in a constraint: one that stands in none may be anything in a proof."""
        __tracebackhide__ = True
        if loose := unbound_inputs(self.map):
            places = [f"{name} ({at[0]}:{at[1]})" if (at := self.map.declaration_of(name)) else name for name in loose]
            self._fail(f"{self.name}: no constraint holds the input {', '.join(places)}")

    def find_second_witness(self, inputs: Mapping[str, object]) -> Determinism:
        """Search other witnesses for the same inputs; see `anomi_prover.soundness`."""
        return second_witnesses(self.map, self.witness(inputs).values)

    def expect_unique(
        self, inputs: Mapping[str, object], *, least: Severity = "component", proof: bool = True
    ) -> Determinism:
        """Fail when another witness for the same inputs is found, proven with a real key before it is reported.

        `least` is the least severity that fails: an advice wire that no template passes on does not by default.
        """
        __tracebackhide__ = True
        found = self.find_second_witness(inputs)
        worst = found.worst(least=least)
        if worst is not None:
            proven = f"\n    {self._prove_forged(worst)}" if proof else ""
            self._fail(f"{self.name} is under-constrained: {worst}{proven}")
        return found

    def prove(self, inputs: Mapping[str, object]) -> ProofBundle:
        """Prove with a development key, made once and cached; the proof has been verified."""
        return prove(self._key.zkey, self._deployed_calculator.calculate(inputs))

    def prove_forged(self, finding: Finding) -> ProofBundle:
        """Prove a second witness with the real development key of the circuit as deployed."""
        return prove(self._key.zkey, self._as_deployed(finding.forged))

    def verify(self, bundle: ProofBundle, public_inputs: Sequence[int] | None = None) -> None:
        """Verify a proof, by default with its own public inputs. Raises what `anomi_prover.verify.verify` raises."""
        publics = bundle.public_inputs if public_inputs is None else public_inputs
        verify(read_verifying_key(self._key.vk_json), publics, bundle.proof)

    def refused_by(self, wires: Mapping[int, int], values: Sequence[int]) -> tuple[int, ...]:
        """Return the constraints that refuse edits of a true witness, and count them as shown to refuse."""
        if self._neighbourhood is None or self._neighbourhood[0] is not values:
            self._neighbourhood = (values, Neighbourhood(self.r1cs, values))
        refusing = tuple(sorted(self._neighbourhood[1].violations(wires)))
        if self._coverage is not None:
            self._coverage.saw_refusals(self, refusing)
        return refusing

    _neighbourhood: tuple[Sequence[int], Neighbourhood] | None = None

    def _refusal(self, inputs: Mapping[str, object], error: WitnessError) -> Refusal:
        """Judge a refusal by the calculator: the constraints must refuse too."""
        __tracebackhide__ = True
        try:
            wires = self._unasserted.calculate(inputs)
        except WitnessError as stopped:
            return Refusal(frozenset(self._places(error)), f"{error}\n{stopped}", ())
        broken = tuple(self.r1cs.violations(wires))
        if not broken:
            self._fail(
                f"{self.name}: only the calculator refuses these inputs; every constraint accepts what it computes. "
                f"Something there is an `assert` where `===` belongs.\n{self._trace(error)}",
                error,
            )
        forged = find_witness(self.r1cs, wires)
        if forged is not None:
            changed = [wire for wire, value in enumerate(forged) if value != wires[wire]]
            shown = "\n".join(f"    {self.map.name_of(wire)} = {forged[wire]}" for wire in changed[:SHOWN])
            self._fail(
                f"{self.name}: the calculator refuses these inputs, but the constraints accept other wires for them: "
                f"{len(changed)} differ from what the calculator computes\n{shown}\n{self._trace(error)}",
                error,
            )
        if self._coverage is not None:
            self._coverage.saw_refusals(self, broken)
        described = "\n".join(describe_constraint(self.map, index, wires) for index in broken[:SHOWN])
        return Refusal(frozenset(self._places(error)) | self._constraint_places(broken), described, broken)

    def _places(self, error: WitnessError) -> set[str]:
        names: set[str] = set()
        for line in error.trace:
            for template, number in TRACE_PATTERN.findall(line):
                names |= {template, f"{template}:{number}"}
                if at := self.map.place_in_template(template, int(number)):
                    names.update(check_names(*at))
        return names

    def _constraint_places(self, broken: Sequence[int]) -> frozenset[str]:
        names: set[str] = set()
        for index in broken:
            place = self.map.place_of_constraint(index)
            if place.template:
                names.add(place.template)
            if place.file and len(place.lines) == 1:
                names |= {f"{place.template}:{place.lines[0]}", *check_names(place.file, place.lines[0])}
            for name in self.map.names_in(index):
                short = name.removeprefix("main.")
                names |= {name, short, without_indices(name), without_indices(short)}
        return frozenset(names)

    def _why(self, inputs: Mapping[str, object], error: WitnessError) -> str:
        """Return the trace, and the broken constraints with their values."""
        try:
            wires = self._unasserted.calculate(inputs)
        except WitnessError:
            return self._trace(error)
        broken = list(self.r1cs.violations(wires))
        described = [describe_constraint(self.map, index, wires) for index in broken[:SHOWN]]
        more = [f"and {len(broken) - SHOWN} more constraints"] if len(broken) > SHOWN else []
        return "\n".join([self._trace(error), *described, *more])

    def _trace(self, error: WitnessError) -> str:
        lines = [str(error)]
        for line in error.trace:
            for template, number in TRACE_PATTERN.findall(line):
                if at := self.map.place_in_template(template, int(number)):
                    lines.append(f"    {at[0]}:{at[1]}: {source_line(*at)} (template {template})")
        return "\n".join(lines)

    def _prove_forged(self, finding: Finding) -> str:
        try:
            bundle = self.prove_forged(finding)
        except AnomiError as error:
            return f"no proof of it could be made here ({error}); both witnesses satisfy every constraint"
        return (
            f"a proof of the other witness verifies under a real key; its public signals: {list(bundle.public_inputs)}"
        )

    def _as_deployed(self, values: Sequence[int]) -> list[int]:
        """Return the wires of the deployed circuit, which are some of those of the circuit as written, by label."""
        by_label = {label: values[wire] for wire, label in enumerate(self.r1cs.labels)}
        return [by_label[label] for label in self._deployed_r1cs.labels]

    @cached_property
    def _calculator(self) -> WitnessCalculator:
        return WitnessCalculator(self.compiled.wasm, sym=self.compiled.sym)

    @cached_property
    def _unasserted(self) -> WitnessCalculator:
        path = (
            self._scratch / f"{self.source.stem}_{sha256_bytes(str(self.compiled.wasm).encode())[:12]}_unasserted.wasm"
        )
        if not path.is_file():
            wasm = self.compiled.wasm.read_bytes()
            with contextlib.suppress(ValueError):  # a circuit without checks refuses nothing
                wasm = without_refusals(wasm)
            atomic_write(path, wasm)
        return WitnessCalculator(path, sym=self.compiled.sym)

    @cached_property
    def _deployed(self) -> CompiledCircuit:
        return self._compile(DEPLOYED)

    @cached_property
    def _deployed_r1cs(self) -> R1cs:
        return read_r1cs(self._deployed.r1cs)

    @cached_property
    def _deployed_calculator(self) -> WitnessCalculator:
        return WitnessCalculator(self._deployed.wasm, sym=self._deployed.sym)

    @cached_property
    def _key(self) -> KeyBundle:
        return make_development_key(self._deployed.r1cs)

    def _compile(self, optimisation: str) -> CompiledCircuit:
        return compile_circuit(
            self.source, include_dirs=self._folders, optimisation=optimisation, cache=Cache.default()
        )

    def _fail(self, message: str, cause: Exception | None = None) -> NoReturn:
        __tracebackhide__ = True
        raise CircuitFailure(message) from cause


class Witness:
    """A true witness and the inputs it was made from; a copy can be edited."""

    def __init__(self, circuit: CircuitUnderTest, values: Sequence[int], inputs: Mapping[str, object]) -> None:
        """Keep what belongs together."""
        self.circuit = circuit
        self.values = values
        self.inputs = inputs

    def __repr__(self) -> str:
        return f"<witness of {self.circuit.name}, {len(self.values)} wires>"

    def __getitem__(self, signal: str) -> int:
        """Return a signal's value, by its path with or without `main.`. Raises UnknownSignalError."""
        return self.values[self._wire(signal)]

    @property
    def outputs(self) -> dict[str, Values]:
        """The outputs by name, arrays as nested lists."""
        labels = range(1, 1 + self.circuit.r1cs.n_public_outputs)
        found: dict[str, Values] = {}
        for label in labels:
            name = self.circuit.sym.name_of_label(label) or f"main.label_{label}"
            base, indices = _split(name.removeprefix("main."))
            _place(found, base, indices, self.values[label])
        return found

    def edit(self, signal: str | Mapping[str, int], value: int | None = None) -> Edit:
        """Give one signal another value, or several by a mapping, and nothing else."""
        changes = {signal: value} if isinstance(signal, str) else dict(signal)
        wires: dict[int, int] = {}
        for name, new in changes.items():
            if not isinstance(new, int):
                raise UsageError(f"an edit of {name} needs an integer, not {type(new).__name__}")
            wires[self._wire(name)] = new % self.circuit.r1cs.prime
        if all(self.values[wire] == new for wire, new in wires.items()):
            raise UsageError(f"the edit of {', '.join(changes)} changes nothing: that is the value already")
        return Edit(self, tuple(changes), wires)

    def _wire(self, signal: str) -> int:
        sym = self.circuit.sym
        return sym.wire_of(signal if signal.startswith("main.") else f"main.{signal}")


class Edit:
    """A witness in which some signals have other values than the calculator gave them."""

    def __init__(self, witness: Witness, names: tuple[str, ...], wires: Mapping[int, int]) -> None:
        """Ask every constraint that holds one of the wires."""
        self._witness = witness
        self._names = names
        self._wires = wires
        self.refused_by = witness.circuit.refused_by(wires, witness.values)

    @property
    def values(self) -> list[int]:
        """Every wire, the edited ones included."""
        return [self._wires.get(wire, value) for wire, value in enumerate(self._witness.values)]

    def expect_refused(self, at: str | None = None) -> tuple[int, ...]:
        """See a constraint refuse, at a place named as in `CircuitUnderTest.expect_fail`; return all that do."""
        __tracebackhide__ = True
        circuit, names = self._witness.circuit, ", ".join(self._names)
        if not self.refused_by:
            places = [stands for name in self._names if (stands := circuit.map.statement_of(_full(name)))]
            where = "; ".join(f"{file}:{line}: {source_line(file, line)}" for file, line in places)
            raise CircuitFailure(
                f"{circuit.name}: nothing refuses this edit of {names}" + (f" ({where})" if where else "")
            )
        found = circuit._constraint_places(self.refused_by)
        if at is not None and at not in found:
            described = "\n".join(describe_constraint(circuit.map, one, self.values) for one in self.refused_by[:SHOWN])
            raise CircuitFailure(f"{circuit.name}: the edit of {names} is refused, but not at {at!r}\n{described}")
        return self.refused_by

    def expect_accepted(self) -> None:
        """See no constraint refuse: for wires that are known to be advice."""
        __tracebackhide__ = True
        if self.refused_by:
            circuit = self._witness.circuit
            described = describe_constraint(circuit.map, self.refused_by[0], self.values)
            raise CircuitFailure(f"{circuit.name}: the edit of {', '.join(self._names)} is refused\n{described}")


class Refusal:
    """How a circuit refused: `constraints` that break, `places` that name them, `described` in words."""

    def __init__(self, places: frozenset[str], described: str, constraints: tuple[int, ...]) -> None:
        """Keep what was found."""
        self.places = places
        self.described = described
        self.constraints = constraints

    def __repr__(self) -> str:
        return f"<refused by {len(self.constraints)} constraints>"


def _circomlib() -> list[Path]:
    found = tools.find_node_module("circomlib/package.json")
    return [found.parent.parent] if found else []


def _full(name: str) -> str:
    return name if name.startswith("main.") else f"main.{name}"


def _split(name: str) -> tuple[str, tuple[int, ...]]:
    base = re.sub(r"(\[\d+\])+$", "", name)
    return base, tuple(int(index) for index in re.findall(r"\[(\d+)\]", name[len(base) :]))


def _place(found: dict[str, Values], base: str, indices: tuple[int, ...], value: int) -> None:
    """Put a value into nested lists; circom lists elements in order."""
    if not indices:
        found[base] = value
        return
    at = found.setdefault(base, [])
    for index in indices[:-1]:
        assert isinstance(at, list)  # noqa: S101 -- made here
        if index == len(at):
            at.append([])
        at = at[index]
    assert isinstance(at, list)  # noqa: S101 -- made here
    at.append(value)


def _differences(name: str, expected: object, found: Values) -> list[tuple[str, object, object]]:
    """Return (signal, expected, found) for every element that differs."""
    if isinstance(expected, list | tuple) and isinstance(found, list) and len(expected) == len(found):
        pairs = zip(expected, found, strict=True)
        return [one for at, (left, right) in enumerate(pairs) for one in _differences(f"{name}[{at}]", left, right)]
    if isinstance(expected, int) and isinstance(found, int) and expected % FR_MODULUS == found:
        return []
    return [(name, expected, found)]
