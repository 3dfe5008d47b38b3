var s=class{constructor(){this.asked=0;this.shown=0}begin(){let e=++this.asked;return()=>e<this.shown?!1:(this.shown=e,!0)}};export{s as a};
