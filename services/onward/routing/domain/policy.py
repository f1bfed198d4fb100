"""What no rule may be, however well it is written."""

from onward.routing.domain.conditions import consent_path
from onward.routing.domain.language import Condition, OneOf, Rule
from onward.routing.domain.shape import Fields

_AGREED = OneOf(frozenset([True]))
_RELEASE = "release."
_MOVEMENT = "event.movement"


def check_rule(rule: Rule, fields: Fields) -> None:
    """Report what a rule lacks before it may act: one action, a legal basis, the consent that basis rests on."""
    _check_action(fields)
    _check_basis(rule, fields)
    _check_theme(rule, fields)
    _check_waiting(fields)
    _check_release(rule, fields)


def about_release(rule: Rule) -> tuple[str, ...]:
    """
    The facts about leaving prison that must hold for the rule to match, in the order it asks for them.

    Whether it makes release referrals the rule says itself, in `release`; this is what that is held against.
    """
    paths = (condition.path for group in (rule.when, *rule.any_of) for condition in group)
    return tuple(dict.fromkeys(path for path in paths if path.startswith(_RELEASE) or path == _MOVEMENT))


def _check_action(fields: Fields) -> None:
    present = [name for name in ("refer", "notify", "suppress", "approve") if fields.get(name) is not None]
    if not present:
        fields.report.add(fields.place, "R008", "the rule does nothing; add `refer`, `notify`, `approve` or `suppress`")
    if fields.get("plan") is not None and not {"refer", "notify"}.intersection(present):
        fields.report.add(fields.place_of("plan"), "R008", "nothing is referred or told; remove `plan`")
    if "refer" in present and "suppress" in present:
        place = fields.place_of("suppress")
        fields.report.add(place, "R008", "a rule either refers or suppresses; make it two rules")


def _check_basis(rule: Rule, fields: Fields) -> None:
    has_basis = fields.get("legal_basis") is not None
    refers = fields.get("refer") is not None
    if refers and not has_basis:
        fields.report.add(fields.place, "P002", "a referral needs a `legal_basis`; name one of `bases`")
    if has_basis and not refers:
        message = "nothing is referred, so there is nothing to disclose; remove `legal_basis`"
        fields.report.add(fields.place_of("legal_basis"), "P003", message)
    if rule.legal_basis is None or rule.legal_basis.kind != "consent":
        return
    for refer in rule.refer:
        path = consent_path(refer.category)
        if not _requires(rule, path):
            message = f"the basis is consent, but the rule does not require `{path}: true`; add that to `when`"
            fields.report.add(fields.place_of("legal_basis"), "P001", message)


def _requires(rule: Rule, path: str) -> bool:
    """Whether the rule can hold only when the yes-or-no fact at *path* is true."""

    def demands(group: tuple[Condition, ...]) -> bool:
        return any(condition.path == path and condition.test == _AGREED for condition in group)

    return demands(rule.when) or (bool(rule.any_of) and all(map(demands, rule.any_of)))


def _check_theme(rule: Rule, fields: Fields) -> None:
    if rule.theme == "suppress" and fields.get("refer") is not None:
        message = "rules of theme suppress stop referrals; move this one to the file of its theme"
        fields.report.add(fields.place_of("refer"), "P004", message)
    if rule.theme != "suppress" and fields.get("suppress") is not None:
        message = f"only theme suppress may stop referrals, this is {rule.theme}; move the rule to that file"
        fields.report.add(fields.place_of("suppress"), "P004", message)
    if rule.theme == "suppress" and fields.get("suppress") is None and fields.get("refer") is None:
        message = "rules of theme suppress stop referrals, and this one does not; add `suppress`, or move the rule"
        fields.report.add(fields.place, "P007", message)


def _check_waiting(fields: Fields) -> None:
    if fields.get("requires") is not None and fields.get("suppress") is not None:
        message = "what stops referrals must not wait for another; remove `requires` or write its conditions in `when`"
        fields.report.add(fields.place_of("requires"), "P006", message)


def _check_release(rule: Rule, fields: Fields) -> None:
    said = fields.get("release") is not None
    if said and fields.get("refer") is None:
        message = "nothing is referred, so nothing can be a release referral; remove `release`"
        fields.report.add(fields.place_of("release"), "P009", message)
    elif not said and rule.refer and (asked := about_release(rule)):
        message = (
            f"the rule asks for {asked[0]} and does not say whether it makes release referrals; "
            "add `release: true`, so that a return to prison ends them, or `release: false`"
        )
        fields.report.add(fields.place, "P009", message)
