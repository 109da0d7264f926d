"""A report on conduct names the rule it is about, and what the law protects is not referred."""

from pathlib import Path

import pytest

from tests.features.test_five_policies import library_under
from tests.features.under import opens, sees, under
from tests.policy.holds import holds


@holds(
    "chicopee:C56",
    "chicopee:C57",
    "cook_memorial:K08",
    "cook_memorial:K15",
    "ecrl:E27",
    "worcester:W20",
    "worcester:W21",
    "worcester:W26",
    "portsmouth:P08",
    "portsmouth:P09",
    "portsmouth:P10",
    "portsmouth:P11",
    "portsmouth:P12",
    "portsmouth:P13",
)
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("chicopee", "Nothing confidential and no drafts"),
        ("chicopee", "Staff make no negative or mocking remark"),
        ("cook_memorial", "Confidential work matters"),
        ("cook_memorial", "Staff keep to the privacy laws"),
        ("ecrl", "Staff keep protected and confidential facts"),
        ("worcester", "Nothing confidential, nothing of the library's own"),
        ("worcester", "Staff do not run down or mock a patron"),
        ("worcester", "Staff posts may not discriminate"),
        ("portsmouth", "The forbidden uses hold"),
        ("portsmouth", "No abuse or harassment of colleagues"),
        ("portsmouth", "No misuse of the logo"),
        ("portsmouth", "No unprofessional words"),
        ("portsmouth", "Nothing confidential from the job"),
        ("portsmouth", "Nothing that keeps people from doing their work"),
    ],
)
async def test_a_report_on_staff_names_the_rule_and_the_director_reads_where_it_stands(
    name: str, label: str, tmp_path: Path
) -> None:
    desk = await library_under(name, tmp_path)
    ref = await desk.somebody("robin").reports_conduct(conduct_rules=label)
    dana = desk.somebody("dana")
    await dana.says(f"show {ref}")

    assert f"May break: {label}" in sees(dana)
    assert f"source: {label}" in sees(dana)
    assert (await desk.house.incident(ref)).closed_on is None


@holds("cook_memorial:K19", "cook_memorial:K22", "cook_memorial:K57", "worcester:W28", "worcester:W29", "worcester:W48")
@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("cook_memorial", ("Trustees say nothing on a lawsuit", "Trustees do not run down", "A trustee speaks as one")),
        ("worcester", ("A trustee speaks as one", "Trustees pass on nothing", "Trustees do not run down")),
    ],
)
async def test_a_report_on_a_trustee_names_the_rule_and_goes_to_the_chair(
    name: str, labels: tuple[str, ...], tmp_path: Path
) -> None:
    desk = await library_under(name, tmp_path)
    for label in labels:
        ref = await desk.somebody("robin").reports_conduct(track="Conduct of a trustee", conduct_rules=label)
        await desk.somebody("terry").says(f"show {ref}")
        assert f"source: {label}" in sees(desk.somebody("terry"))
    await desk.somebody("robin").begins_report("Conduct of a trustee")
    assert "Staff do not" not in sees(desk.somebody("robin"))


async def test_nobody_has_to_say_which_rule_it_is(tmp_path: Path) -> None:
    desk = await under("worcester", tmp_path)
    ref = await desk.somebody("robin").reports_conduct()
    await desk.somebody("dana").says(f"show {ref}")

    assert "May break" not in sees(desk.somebody("dana"))


@holds("portsmouth:P25", "portsmouth:P27")
async def test_staff_speech_of_public_concern_is_not_referred_where_the_constitutions_protect_it(
    tmp_path: Path,
) -> None:
    desk = await under("portsmouth", tmp_path)
    robin, dana = desk.somebody("robin"), desk.somebody("dana")
    await robin.begins_report("Conduct of staff")
    assert "Confidential includes any fact that is no issue of public concern" in sees(robin)
    ref = await robin.reports_conduct(public_concern="Yes", conduct_rules="Nothing confidential")
    await opens(dana, ref, "Look at it")
    assert "Speech that the constitutions protect is outside the policy" in sees(dana)
    await dana.fills(public_concern="Yes", unit="No", representative="There is no unit")
    await dana.fills(found="quibble: it speaks of the levy", step="Referred")

    assert "the policy leaves it alone" in sees(dana)
    assert "source: Speech that the constitutions protect" in sees(dana)
    assert (await desk.house.incident(ref)).closed_on is None
