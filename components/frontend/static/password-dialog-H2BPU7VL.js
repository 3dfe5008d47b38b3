import{A as s,e as n,n as d}from"./chunk-J5RRR37K.js";import{a as i,f as l,j as e}from"./chunk-M6YJ65Q2.js";var o=class extends l{constructor(){super(...arguments);this.error="";this.busy=!1;this.settle=()=>{}}static{this.properties={error:{state:!0},busy:{state:!0}}}createRenderRoot(){return this}ask(){return new Promise(t=>this.settle=t)}firstUpdated(){this.querySelector("dialog")?.showModal()}end(t){this.settle(t),this.remove()}async submit(t){t.preventDefault();let a=this.querySelector("input");this.busy=!0,this.error="";try{await d(s.user.name??"",a.value,!1),this.end(!0)}catch(u){this.error=n(u),a.select()}finally{this.busy=!1}}render(){return i`<dialog aria-labelledby="again-title" @cancel=${()=>this.end(!1)}>
      <form class="stack" @submit=${this.submit}>
        <h2 id="again-title">${e("again.title")}</h2>
        <p>${e("again.text",{name:s.user.name??""})}</p>
        <label class="field">${e("login.password")}
          <input name="password" type="password" autocomplete="current-password" required></label>
        <p class="error" role="alert">${this.error}</p>
        <div class="row end">
          <button type="button" class="plain" @click=${()=>this.end(!1)}>${e("app.close")}</button>
          <button class="primary" ?disabled=${this.busy}>${e("again.go")}</button>
        </div>
      </form></dialog>`}};customElements.define("password-dialog",o);function v(){let r=document.createElement("password-dialog");return document.body.append(r),r.ask()}export{v as askForPassword};
