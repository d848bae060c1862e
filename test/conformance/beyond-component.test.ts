import { describeBeyond } from "./beyond.js";

describeBeyond("component");
