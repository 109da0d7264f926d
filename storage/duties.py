"""What is kept up, the attestations of it, and permissions, to rows and back."""

from bot.cases.permission import Permission
from bot.cases.upkeep import Attestation, Upkeep
from bot.ports import Stale
from storage.rows import Shelf, flat
from storage.tables import AttestationRow, PermissionRow, UpkeepRow

UPKEEP = flat(UpkeepRow, Upkeep)
ATTESTATION = flat(AttestationRow, Attestation)
PERMISSION = flat(PermissionRow, Permission)

UPKEEPS = UPKEEP.select().order_by(UPKEEP.c.ref)
ATTESTATIONS = ATTESTATION.select().order_by(ATTESTATION.c.at, ATTESTATION.c.id)
PERMISSIONS = PERMISSION.select().order_by(PERMISSION.c.ref)


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

    def permissions(self) -> tuple[Permission, ...]:
        """Everything permission was ever asked for, by reference."""
        return self._all(PERMISSION, PERMISSIONS)

    def put_permission(self, permission: Permission) -> None:
        """Keep it; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(PERMISSION, permission, version=permission.version):
            raise Stale(f"{permission.ref} has been saved by somebody else meanwhile")
