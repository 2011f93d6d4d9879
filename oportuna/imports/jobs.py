"""What the clock does for spreadsheets each minute."""

from oportuna.imports.exports.keeping import remove_old_files
from oportuna.work.clock import every_minute

every_minute(remove_old_files)
