"""What all files of a bundle share: legal bases, sets, and prerequisites."""

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field

from onward.contracts.decision import LegalBasis
from onward.diagnostics.spelling import did_you_mean, one_of
from onward.diagnostics.yaml_tree import Node, Place, YamlList
from onward.routing.domain.bases import bases, uses
from onward.routing.domain.conditions import ConditionReader
from onward.routing.domain.diagnostics import ProblemReport
from onward.routing.domain.language import BasisUse, Prerequisite
from onward.routing.domain.shape import Fields, entries, items, text_of, unique


@dataclass(slots=True)
class Shared:
    """Filled from every file before the first rule is read, so that the order of files has no meaning."""

    report: ProblemReport
    unread: bool = False
    """Whether a file of the bundle cannot be read: then nothing that it could share is known to be missing."""
    faulty_sets: set[str] = field(default_factory=set[str])
    bases: dict[str, LegalBasis] = field(default_factory=dict)
    uses: dict[str, BasisUse] = field(default_factory=dict)
    sets: dict[str, YamlList] = field(default_factory=dict)
    prerequisites: dict[str, Prerequisite] = field(default_factory=dict)
    _base_places: dict[str, Place] = field(default_factory=dict)
    _prerequisite_places: dict[str, Place] = field(default_factory=dict)

    def take(self, name: str, top: Fields) -> None:
        """The legal bases of the file *name*, and its sets if it has no rules of its own."""
        node = top.get("bases")
        if node is not None:
            self.bases |= bases(node, self._base_places, self.report)
        if top.get("rules") is None:
            for set_name, values in self._sets(top).items():
                if set_name in self.sets:
                    self.report.add(values.place, "R004", f"set `{set_name}` of {name} again; rename one")
                self.sets[set_name] = values

    def take_uses(self, top: Fields, reader: ConditionReader) -> None:
        """For what the legal bases of a file may be used."""
        node = top.get("bases")
        if node is not None:
            self.uses |= uses(node, reader)

    def reader(self, top: Fields) -> ConditionReader:
        """Reads the conditions of a file, with every shared set and, in a file with rules, its own."""
        local = self._sets(top) if top.get("rules") is not None else {}
        for name in local.keys() & self.sets.keys():
            self.report.add(local[name].place, "R004", f"set `{name}` hides the shared one; rename it")
        return ConditionReader(ChainMap(local, self.sets), self.report, self.unread, self.faulty_sets)

    def take_prerequisites(self, top: Fields, reader: ConditionReader) -> None:
        """The prerequisites of a file, for the rules of all files."""
        node = top.get("prerequisites")
        for key, value in entries(node, "`prerequisites`", self.report) if node is not None else ():
            fields = Fields(value, "a prerequisite", self.report, required=("why", "when"), optional=())
            when = fields.get("when")
            group = reader.group(when, "`when`") if when is not None else ()
            if unique(key, key.text, self._prerequisite_places, "prerequisite", self.report):
                self._prerequisite_places[key.text] = key.place
                self.prerequisites[key.text] = Prerequisite(key.text, fields.text("why"), group, key.place)

    def basis(self, fields: Fields) -> LegalBasis | None:
        """The legal basis that a rule names, or None when absent or wrong (which is then reported)."""
        node, name = fields.get("legal_basis"), fields.text("legal_basis")
        if node is None or not name:
            return None
        if name not in self._base_places and not self.unread:
            known: Mapping[str, Place] = self._base_places
            help_ = did_you_mean(name, known) or f"; there are {one_of(known)}" if known else "; add it to `bases`"
            self.report.add(node.place, "R009", f"no legal basis `{name}`{help_}")
        return self.bases.get(name)

    def required(self, node: Node | None) -> tuple[Prerequisite, ...]:
        """The prerequisites that a rule requires, each once; unknown ones are reported."""
        found: dict[str, Prerequisite] = {}
        for item in items(node, "`requires`", self.report):
            name = text_of(item, "`requires`", self.report)
            if name in self.prerequisites:
                found[name] = self.prerequisites[name]
                self.report.repeat(len(found[name].when), item.place)
            elif name and not self.unread:
                known = self._prerequisite_places
                help_ = did_you_mean(name, known) or (
                    f"; there are {one_of(known)}" if known else "; define it under `prerequisites:`"
                )
                self.report.add(item.place, "R016", f"no prerequisite `{name}`{help_}")
        return tuple(found.values())

    def _sets(self, top: Fields) -> dict[str, YamlList]:
        node = top.get("sets")
        found: dict[str, YamlList] = {}
        for key, value in entries(node, "`sets`", self.report) if node is not None else ():
            if isinstance(value, YamlList):
                found[key.text] = value
            else:
                self.faulty_sets.add(key.text)
                self.report.add(value.place, "R001", f"set `{key.text}` must be a list")
        return found
