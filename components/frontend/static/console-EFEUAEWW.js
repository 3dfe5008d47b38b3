import{a as c}from"./chunk-HQ7YENXK.js";import{l as o}from"./chunk-TQNE6R5Z.js";import{a as l,d as n,i}from"./chunk-2TAXY2XJ.js";var d=50,a=class extends c{constructor(){super(...arguments);this.filter="";this.past=[];this.back=0;this.follows=!0}static{this.properties={filter:{state:!0}}}willUpdate(){let e=this.querySelector(".log");e&&(this.follows=e.scrollTop+e.clientHeight>e.scrollHeight-40)}updated(e){let s=this.querySelector(".log");s&&this.follows&&(s.scrollTop=s.scrollHeight)}async send(e){e.preventDefault();let s=this.input,t=s.value.trim();t&&(this.past=[...this.past.filter(p=>p!==t),t].slice(-d),this.back=0,s.value="",o.said(t,!0),this.follows=!0,await o.attempt(()=>o.gcode(t)))}get input(){return this.querySelector("#command")}recall(e){let s=e.key==="ArrowUp"?1:e.key==="ArrowDown"?-1:0;!s||!this.past.length||(e.preventDefault(),this.back=Math.max(0,Math.min(this.past.length,this.back+s)),this.input.value=this.back?this.past[this.past.length-this.back]:"")}render(){let e=this.filter.toLowerCase(),s=o.lines.filter(t=>t.text.toLowerCase().includes(e));return l`<div class="page-head"><h1>${i("console.title")}</h1>
        <label class="hidden" for="filter">${i("console.filter")}</label>
        <input id="filter" type="search" placeholder=${i("console.filter")}
          @input=${t=>{this.filter=t.target.value}}></div>
      <div class="log mono" role="log" tabindex="0" aria-label=${i("console.log")}
        data-empty=${i("console.empty")}>
        ${s.map(t=>l`<div class="line ${t.sent?"sent":""} ${t.text.startsWith("!!")?"wrong":""}"><time>${m(t.time)}</time>
          <span>${t.text}</span></div>`)}
      </div>
      ${o.may("CONTROL")?l`<form class="row prompt" @submit=${this.send}>
            <label class="hidden" for="command">${i("console.command")}</label>
            <input id="command" class="grow mono" autocomplete="off" autocapitalize="characters"
              spellcheck="false" placeholder=${i("console.command")} aria-describedby="command-hint"
              @keydown=${this.recall}>
            <button class="primary" ?disabled=${!o.online}>${i("console.send")}</button>
            <span class="hidden" id="command-hint">${i("console.hint")}</span>
          </form>`:n}`}},m=r=>new Date(r*1e3).toTimeString().slice(0,8);customElements.define("console-view",a);
