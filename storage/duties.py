"""What is kept up, the attestations of it, permissions, and posts that were checked, to rows and back."""

from sqlalchemy import bindparam

from bot.cases.checked_post import CheckedPost
from bot.cases.permission import Permission
from bot.cases.upkeep import Attestation, Upkeep
from bot.ports import Stale
from storage.rows import Shelf, flat
from storage.tables import AttestationRow, CheckedPostRow, PermissionRow, UpkeepRow

UPKEEP = flat(UpkeepRow, Upkeep)
ATTESTATION = flat(AttestationRow, Attestation)
PERMISSION = flat(PermissionRow, Permission)
CHECKED = flat(CheckedPostRow, CheckedPost)

UPKEEPS = UPKEEP.select().order_by(UPKEEP.c.ref)
ATTESTATIONS = ATTESTATION.select().order_by(ATTESTATION.c.at, ATTESTATION.c.id)
PERMISSIONS = PERMISSION.select().order_by(PERMISSION.c.ref)
CHECKED_POSTS = CHECKED.select().order_by(CHECKED.c.at.desc(), CHECKED.c.id).limit(bindparam("most"))


class DutyShelf(Shelf):
    """What the policy asks of the library itself."""

    def upkeeps(self) -> tuple[Upkeep, ...]:
        """Everything that was ever taken up, ended ones too, by reference."""
        return self._all(UPKEEP, UPKEEPS)

    def put_upkeep(self, upkeep: Upkeep) -> None:
        """Keep what was taken up."""
        self._put(UPKEEP, upkeep)

    def attestations(self) -> tuple[Attestation, ...]:
        """Every attestation, oldest first."""
        return self._all(ATTESTATION, ATTESTATIONS)

    def put_attestation(self, attestation: Attestation) -> None:
        """Keep an attestation."""
        self._put(ATTESTATION, attestation)

    def checked_posts(self, limit: int) -> tuple[CheckedPost, ...]:
        """The newest posts of our own that were checked, newest first."""
        return self._all(CHECKED, CHECKED_POSTS, most=limit)

    def put_checked_post(self, post: CheckedPost) -> None:
        """Keep what was checked."""
        self._put(CHECKED, post)

    def permissions(self) -> tuple[Permission, ...]:
        """Everything permission was ever asked for, by reference."""
        return self._all(PERMISSION, PERMISSIONS)

    def put_permission(self, permission: Permission) -> None:
        """Keep it; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(PERMISSION, permission, version=permission.version):
            raise Stale(f"{permission.ref} has been saved by somebody else meanwhile")
