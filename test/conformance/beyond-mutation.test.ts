import { describeBeyond } from "./beyond.js";

describeBeyond("mutation");
