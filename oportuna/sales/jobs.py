"""What the clock does for sales each minute."""

from oportuna.sales.changes import prune
from oportuna.sales.folding import fold
from oportuna.work.clock import every_minute

every_minute(fold)
every_minute(prune)
