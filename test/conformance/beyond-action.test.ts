import { describeBeyond } from "./beyond.js";

describeBeyond("action");
