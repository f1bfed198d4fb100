"""`docs/pathways/` says of every rule in use what happens to whom and on what basis, and of no other."""

import re
from pathlib import Path

from onward.cli.render.pathways import introduction, pathways
from onward.contracts import paths
from onward.routing.bundle_files import load_bundle

RULES = load_bundle(paths.schemas() / "routing")
FILES = sorted((paths.schemas() / "routing").glob("*.yaml"))
PAGES = pathways(RULES, {path.stem: introduction(path.read_text()) for path in FILES})


def test_every_rule_stands_on_one_page_with_its_reason() -> None:
    for rule in RULES.rules:
        page = PAGES[f"{Path(rule.place.file).stem}.md"]
        assert page.count(f"\n## {rule.id}\n\n{rule.why.strip()}.\n") == 1, rule.id
        assert f'["{rule.id}"]' in page


def test_a_referral_is_told_with_its_service_its_haste_and_its_basis() -> None:
    (page,) = [text for name, text in PAGES.items() if name == "safety.md"]
    told = page.partition("## s136-place-of-safety\n")[2].partition("\n## ")[0]
    assert "to place of safety, immediate" in told
    assert "Mental Health Act 1983" in told
    assert "Article 6" in told


def test_the_picture_has_an_arrow_for_everything_that_a_rule_does() -> None:
    for rule in RULES.rules:
        page = PAGES[f"{Path(rule.place.file).stem}.md"]
        box = "n_" + re.sub(r"[^a-z0-9]", "_", rule.id)
        arrows = len(re.findall(rf"^    {box} (?:-->|-\.->|--x)", page, re.MULTILINE))
        assert arrows == len(rule.refer) + len(rule.notify) + (rule.suppress is not None), rule.id


def test_the_page_begins_as_its_author_introduced_the_file() -> None:
    assert introduction("# yaml-language-server: x\n# One.\n#\n# Two.\nschema: y\n# No.") == "One.\n\nTwo."
    assert "Life, serious harm, children and the clocks of custody." in PAGES["safety.md"]


def test_the_index_leads_to_every_page() -> None:
    named = re.findall(r"\]\(([a-z0-9-]+\.md)\)", PAGES["README.md"])
    assert sorted(named) == sorted(PAGES.keys() - {"README.md"})
