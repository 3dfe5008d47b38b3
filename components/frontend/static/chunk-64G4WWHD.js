<<<<<<< HEAD:components/frontend/static/chunk-64G4WWHD.js
import{q as e}from"./chunk-RU625THP.js";import{f as t}from"./chunk-RX6SCQMU.js";var n=class extends t{constructor(){super(...arguments);this.update_=()=>this.requestUpdate()}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),e.addEventListener("change",this.update_)}disconnectedCallback(){super.disconnectedCallback(),e.removeEventListener("change",this.update_)}};export{n as a};
=======
<<<<<<<< HEAD:components/frontend/static/chunk-DJNQWEQC.js
import{q as e}from"./chunk-RU625THP.js";import{f as t}from"./chunk-PYK3LNRO.js";var n=class extends t{constructor(){super(...arguments);this.update_=()=>this.requestUpdate()}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),e.addEventListener("change",this.update_)}disconnectedCallback(){super.disconnectedCallback(),e.removeEventListener("change",this.update_)}};export{n as a};
========
import{q as e}from"./chunk-RU625THP.js";import{f as t}from"./chunk-TAM3WXDD.js";var n=class extends t{constructor(){super(...arguments);this.update_=()=>this.requestUpdate()}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),e.addEventListener("change",this.update_)}disconnectedCallback(){super.disconnectedCallback(),e.removeEventListener("change",this.update_)}};export{n as a};
>>>>>>>> 9551df6 (Push the console to the page; speak German of findings and faults; check slicers' words against their sources; plant secrets in the support archive):components/frontend/static/chunk-4N2Y7I32.js
>>>>>>> 6317dd9 (Push the console to the page; speak German of findings and faults; check slicers' words against their sources; plant secrets in the support archive):components/frontend/static/chunk-DJNQWEQC.js
