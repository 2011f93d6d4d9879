"""What the clock does for sales each minute."""

from oportuna.sales.folding import fold
from oportuna.work.clock import every_minute

every_minute(fold)
