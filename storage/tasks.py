"""Tasks to rows and back."""

from uuid import UUID

from sqlalchemy import bindparam, literal_column

from bot.cases.task import Task
from storage.rows import Shelf, flat
from storage.tables import TaskRow

TASK = flat(TaskRow, Task)

ORDERED = TASK.select().order_by(TASK.c.due, TASK.c.opened_at, TASK.c.id)
GET = TASK.select().where(TASK.c.id == bindparam("task"))
OPEN = ORDERED.where(TASK.c.state == literal_column("'open'"))
OF_CASE = ORDERED.where(TASK.c.case == bindparam("ref"))


class TaskShelf(Shelf):
    """What people have been asked to do."""

    def get(self, task: UUID) -> Task | None:
        """Fetch a task."""
        return self._one(TASK, GET, task=task)

    def put(self, task: Task) -> None:
        """Keep a task."""
        self._put(TASK, task)

    def open(self) -> tuple[Task, ...]:
        """Every open task, earliest due first."""
        return self._all(TASK, OPEN)

    def of_case(self, ref: str) -> tuple[Task, ...]:
        """Every task of a case, open or not, earliest due first."""
        return self._all(TASK, OF_CASE, ref=ref)
