// What makes a page of plain HTML follow its controls.
import { charts } from "./charts.js";
import { dayNames } from "./days.js";
import { downloads } from "./download.js";
import { live, parts } from "./live.js";
import { themes } from "./theme.js";

// On a narrow screen what is folded away can be opened; on a wide one it stands open.
if (matchMedia("(max-width: 640px)").matches) for (const one of document.querySelectorAll("details[data-fold]")) one.open = false;

themes();
dayNames();
downloads();
live();
charts();
parts();
