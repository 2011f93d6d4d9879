/* What every page wakes up; heavy libraries come later, with the element that needs them. */
import "./focus.js";
import "./forms.js";
import "./elements/app-shortcuts.js";
import "./elements/bar-chart.js";
import "./elements/customer-picker.js";
import "./elements/document-mask.js";
import "./elements/drop-menu.js";
import "./elements/field-editor.js";
import "./elements/file-drop.js";
import "./elements/kanban-board.js";
import "./elements/modal-dialog.js";
import "./elements/money-input.js";
import "./elements/quick-add.js";
import "./elements/sortable-list.js";
import "./elements/stage-tabs.js";
import "./elements/theme-toggle.js";
import "./elements/toast-region.js";
