import{a as s,d as a,f as n,j as t}from"./chunk-M6YJ65Q2.js";var l=800,o=5e3,i=class extends n{constructor(){super(...arguments);this.label="";this.name="";this.kind="";this.disabled=!1;this.state="idle"}static{this.properties={label:{},name:{},kind:{},disabled:{type:Boolean},state:{state:!0}}}createRenderRoot(){return this}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}hold(e){e.button!==0||this.disabled||(this.state="holding",this.timer=window.setTimeout(()=>this.confirm(),l))}release(){this.state==="holding"&&(clearTimeout(this.timer),this.state="idle")}press(e){if(e.detail===0){if(this.state==="armed")return this.confirm();this.state="armed",this.timer=window.setTimeout(()=>this.state="idle",o)}}confirm(){clearTimeout(this.timer),this.state="idle",this.dispatchEvent(new CustomEvent("confirm"))}render(){let e=this.state==="armed"?t("hold.again"):t("hold.hint"),r=this.state==="armed"?t("hold.armed",{label:this.label}):this.label;return s`<button
        type="button" class="hold ${this.kind} ${this.state}" ?disabled=${this.disabled}
        @pointerdown=${this.hold} @pointerup=${this.release} @pointerleave=${this.release}
        @pointercancel=${this.release} @click=${this.press}
        @contextmenu=${d=>d.preventDefault()}
      ><span class="hold-fill" aria-hidden="true"></span
      ><span aria-hidden=${this.name?"true":a}>${r}</span
      ><span class="hidden">${this.name}, ${e}</span></button>
      <span class="hidden" role="status">${this.state==="armed"?t("hold.again"):""}</span>`}};customElements.define("hold-button",i);
