"""Putting results in their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.setup.place import copy_into_place, link_into_place, remove


def test_a_copy_replaces_what_is_there_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("new")
    source.chmod(0o400)  # as the cache keeps its files
    target = tmp_path / "folder" / "target"
    for old in (None, "old"):
        if old:
            target.write_text(old)
        copy_into_place(source, target)
        assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]
    target.write_text("a copy is the user's own and may be written")


def test_a_copy_that_fails_keeps_what_is_there(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("old")
    with pytest.raises(FileNotFoundError):
        copy_into_place(tmp_path / "missing", target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("before", ["nothing", "a link", "a broken link", "a folder"])
def test_a_link_replaces_what_is_there(tmp_path: Path, before: str) -> None:
    goal, link = tmp_path / "goal", tmp_path / "link"
    goal.mkdir()
    match before:
        case "a link":
            link.symlink_to(tmp_path)
        case "a broken link":
            link.symlink_to(tmp_path / "gone")
        case "a folder":
            (link / "sub").mkdir(parents=True)
            (link / "sub" / "file").write_text("x")
    link_into_place(Path("goal"), link)
    assert link.is_symlink()
    assert link.resolve() == goal
    assert sorted(tmp_path.iterdir()) == [goal, link]


def test_removing_a_link_keeps_its_goal(tmp_path: Path) -> None:
    goal, link = tmp_path / "goal", tmp_path / "link"
    goal.mkdir()
    link.symlink_to(goal)
    remove(link)
    remove(tmp_path / "nothing")
    assert list(tmp_path.iterdir()) == [goal]
    remove(goal)
    assert list(tmp_path.iterdir()) == []
