<<<<<<<< HEAD:components/frontend/static/chunk-U26QXNQK.js
import{a as e,f as i,i as s}from"./chunk-PYK3LNRO.js";var n={"+":"added","-":"removed","@":"quiet"},t=class extends i{constructor(){super(...arguments);this.lines=[]}static{this.properties={lines:{attribute:!1}}}createRenderRoot(){return this}render(){return e`<div class="scroll diff mono" tabindex="0" role="region"
========
import{a as e,f as i,i as s}from"./chunk-TAM3WXDD.js";var n={"+":"added","-":"removed","@":"quiet"},t=class extends i{constructor(){super(...arguments);this.lines=[]}static{this.properties={lines:{attribute:!1}}}createRenderRoot(){return this}render(){return e`<div class="scroll diff mono" tabindex="0" role="region"
>>>>>>>> 9551df6 (Push the console to the page; speak German of findings and faults; check slicers' words against their sources; plant secrets in the support archive):components/frontend/static/chunk-UYIQMUO6.js
      aria-label=${s("config.diff")}
    >${this.lines.map(r=>e`<div class=${n[r[0]]??""}>${r||" "}</div>`)}</div>`}};customElements.define("diff-lines",t);
