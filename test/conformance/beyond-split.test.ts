import { describeBeyond } from "./beyond.js";

describeBeyond("split");
