// What makes a page of plain HTML follow its controls.
import { downloads } from "./download.js";
import { live, parts } from "./live.js";
import { figures } from "./plots.js";
import { themes } from "./theme.js";

themes();
downloads();
live();
figures();
parts();
