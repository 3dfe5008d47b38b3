import{h as d,q as a}from"./chunk-RU625THP.js";import{a as l,f as n,i as e}from"./chunk-74HDYCKN.js";var o=class extends n{constructor(){super(...arguments);this.error="";this.busy=!1;this.settle=()=>{}}static{this.properties={error:{state:!0},busy:{state:!0}}}createRenderRoot(){return this}ask(){return new Promise(t=>this.settle=t)}firstUpdated(){this.querySelector("dialog")?.showModal()}end(t){this.settle(t),this.remove()}async submit(t){t.preventDefault();let i=this.querySelector("input");this.busy=!0,this.error="";try{await d(a.user.name??"",i.value,!1),this.end(!0)}catch(s){this.error=s instanceof Error?s.message:String(s),i.select()}finally{this.busy=!1}}render(){return l`<dialog aria-labelledby="again-title" @cancel=${()=>this.end(!1)}>
      <form class="stack" @submit=${this.submit}>
        <h2 id="again-title">${e("again.title")}</h2>
        <p>${e("again.text",{name:a.user.name??""})}</p>
        <label class="field">${e("login.password")}
          <input name="password" type="password" autocomplete="current-password" required></label>
        <p class="error" role="alert">${this.error}</p>
        <div class="row end">
          <button type="button" class="plain" @click=${()=>this.end(!1)}>${e("app.close")}</button>
          <button class="primary" ?disabled=${this.busy}>${e("again.go")}</button>
        </div>
      </form></dialog>`}};customElements.define("password-dialog",o);function h(){let r=document.createElement("password-dialog");return document.body.append(r),r.ask()}export{h as askForPassword};
