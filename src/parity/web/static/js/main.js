// What makes a page of plain HTML follow its controls.
import { charts } from "./charts.js";
import { dayNames } from "./days.js";
import { folds, tab } from "./folds.js";
import { live, parts } from "./live.js";
import { themes } from "./theme.js";

folds();
tab();
themes();
dayNames();
live();
charts();
parts();
