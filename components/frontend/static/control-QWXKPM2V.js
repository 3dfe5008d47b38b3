import{a as P,b as _}from"./chunk-T3NJGXGS.js";import"./chunk-VETSJHJ2.js";import{a as f}from"./chunk-DY3IWYBU.js";import"./chunk-72DYD4AI.js";import{a as h}from"./chunk-35X64PMC.js";import{a as $}from"./chunk-B544CBGK.js";import{A as r,m,v as T,y as z}from"./chunk-J5RRR37K.js";import{a as n,b as E,d as l,j as o}from"./chunk-M6YJ65Q2.js";var O=async()=>(await m("GET","api/gantry/macros")).macros,A=(c,g)=>m("POST","api/gantry/macros",{name:c,parameters:g});var U=[1,10,50,100],L=[2,5,10,20],R=c=>m("POST","api/printer/tool",c),w=class extends ${constructor(){super(...arguments);this.length=10;this.speed=5}static{this.properties={length:{state:!0},speed:{state:!0}}}extrude(t){let e={command:"extrude",amount:t*this.length,speed:this.speed*60};r.attempt(()=>R(e))}render(){let t=r.objects.toolhead?.extruder??"extruder",e=r.info,s=r.online&&e?.link==="online"&&["none","paused"].includes(e.phase),i=r.objects[t]?.can_extrude===!0;return n`<section class="card stack" aria-labelledby="filament-title">
      <h2 id="filament-title">${o("control.extruder")}</h2>
      ${this.tools(t,s)}
      ${q("length",o("control.length"),U,this.length,a=>this.length=a)}
      ${q("speed-e",o("filament.speed"),L,this.speed,a=>this.speed=a)}
      <div class="row">
        <button type="button" ?disabled=${!s||!i} @click=${()=>this.extrude(1)}>
          ${o("control.extrude")}</button>
        <button type="button" ?disabled=${!s||!i} @click=${()=>this.extrude(-1)}>
          ${o("control.retract")}</button>
      </div>
      ${i?l:n`<p class="quiet">${o("control.cold")}</p>`}
    </section>`}tools(t,e){let s=r.info?.profile.extruders.length??1;if(s<2)return l;let i=Number(t.slice(8)||0);return n`<fieldset class="choice" ?disabled=${!e}>
      <legend>${o("filament.tool")}</legend><div class="segments">
      ${Array.from({length:s},(a,d)=>n`<label><input type="radio" name="tool"
        .checked=${d===i} @change=${()=>r.attempt(()=>R({command:"select",tool:`tool${d}`}))}>
        <span>T${d}</span></label>`)}</div></fieldset>`}},q=(c,g,t,e,s)=>n`<fieldset class="choice"><legend>${g}</legend><div class="segments">
  ${t.map(i=>n`<label><input type="radio" name=${c}
    .checked=${i===e} @change=${()=>s(i)}>
    <span>${h(i)}</span></label>`)}</div></fieldset>`;customElements.define("filament-card",w);var k=class extends ${constructor(){super(...arguments);this.macros=[];this.asking=null;this.running=new Set}static{this.properties={macros:{attribute:!1},asking:{state:!0},running:{state:!0}}}updated(){let t=this.querySelector("dialog");t&&!t.open&&t.showModal()}press(t){t.parameters.length?this.asking=t:this.run(t,{})}async run(t,e){this.running=new Set([...this.running,t.name]),await r.attempt(()=>A(t.name,e)),this.running=new Set([...this.running].filter(s=>s!==t.name))}submit(t,e){t.preventDefault();let s=[...new FormData(t.target)];this.asking=null,this.run(e,Object.fromEntries(s.map(([i,a])=>[i,String(a)])))}render(){if(!this.macros.length)return l;let t=r.online&&r.info?.link==="online"&&r.may("CONTROL");return n`<section class="card stack" aria-labelledby="macros-title">
      <h2 id="macros-title">${o("macros.title")}</h2>
      <div class="row">${this.macros.map(e=>n`<button
        type="button" ?disabled=${!t||this.running.has(e.name)}
        title=${e.description||l} aria-haspopup=${e.parameters.length?"dialog":l}
        @click=${()=>this.press(e)}>${e.title}${e.parameters.length?" \u2026":""}</button>`)}
      </div>
      <p class="hidden" role="status">${this.running.size?o("macros.running"):""}</p>
      ${this.asking?this.form(this.asking):l}
    </section>`}form(t){return n`<dialog aria-labelledby="macro-title" @close=${()=>this.asking=null}>
      <form class="stack" @submit=${e=>this.submit(e,t)}>
        <h2 id="macro-title">${t.title}</h2>
        ${t.description?n`<p class="quiet">${t.description}</p>`:l}
        ${t.parameters.map(e=>n`<label class="field">
          ${e.name}${e.description?` (${e.description})`:""}
          <input name=${e.name} .value=${e.default??""}
            ?required=${e.default===null} autocomplete="off"></label>`)}
        <div class="row end">
          <button type="button" @click=${()=>this.asking=null}>${o("app.close")}</button>
          <button class="primary">${o("macros.run")}</button></div>
      </form></dialog>`}};customElements.define("macro-card",k);var x=class extends ${constructor(){super(...arguments);this.chosen=""}static{this.properties={chosen:{state:!0}}}exclude(t){r.attempt(()=>m("POST","api/gantry/exclude",{name:t}))}render(){let t=r.objects.exclude_object,e=t?.objects??[];if(!e.length)return l;let s=new Set(t?.excluded_objects??[]),i=t?.current_object??null;return n`<section class="card stack" aria-labelledby="objects-title">
      <h2 id="objects-title">${o("objects.title")}</h2>
      ${this.map(e,s,i)}
      <ul class="objects">${e.map(a=>this.row(a,s,i,e.length))}</ul>
      <p class="quiet small-text">${o("objects.hint")}</p>
    </section>`}row(t,e,s,i){let a=e.has(t.name),d=i-e.size<=1;return n`<li class=${this.chosen===t.name?"chosen":""}
      @pointerenter=${()=>this.chosen=t.name} @pointerleave=${()=>this.chosen=""}
      @focusin=${()=>this.chosen=t.name}>
      <div class="grow"><span class=${a?"struck":""}>${t.name}</span>
        ${a?n`<span class="badge">${o("objects.out")}</span>`:s===t.name?n`<span class="badge busy">${o("objects.now")}</span>`:l}</div>
      ${a||d||!r.may("PRINT")?l:n`<hold-button kind="danger small" .label=${o("objects.exclude")}
            .name=${o("objects.excludeNamed",{name:t.name})}
            @confirm=${()=>this.exclude(t.name)}></hold-button>`}
    </li>`}map(t,e,s){let i=t.filter(u=>(u.polygon?.length??0)>2),a=r.info?.profile.volume;if(!i.length||!a)return l;let d=a.origin==="center",[p,v]=d?[-a.width/2,-a.depth/2]:[0,0];return n`<svg class="object-map" viewBox="${p} ${-(v+a.depth)} ${a.width} ${a.depth}"
      aria-hidden="true"><rect class="bed" x=${p} y=${-(v+a.depth)}
        width=${a.width} height=${a.depth}></rect>
      ${i.map(u=>E`<polygon
        class="${e.has(u.name)?"out":""} ${u.name===s?"now":""} ${u.name===this.chosen?"chosen":""}"
        points=${u.polygon.map(([y,b])=>`${y},${-b}`).join(" ")}
        @pointerenter=${()=>this.chosen=u.name}></polygon>`)}</svg>`}};customElements.define("objects-card",x);var H=[.01,.05,.1],I=c=>m("POST","api/printer/printhead",c),V=c=>m("POST","api/printer/tool",c),j=class extends ${constructor(){super(...arguments);this.babystep=.05;this.drag=null}static{this.properties={babystep:{state:!0},drag:{state:!0}}}baby(t){let e=(t*this.babystep).toFixed(2);r.attempt(()=>r.gcode(`M290 Z${e}`))}render(){let t=r.objects.gcode_move,e=p=>Math.round((p??1)*100),s=e(r.objects.fan?.speed??0),i=p=>r.gcode(p?`M106 S${Math.round(p*2.55)}`:"M107"),a=p=>I({command:"feedrate",factor:p}),d=p=>V({command:"flowrate",factor:p});return n`<section class="card stack" aria-labelledby="tune-title">
      <h2 id="tune-title">${o("control.tune")}</h2>
      ${this.slider("fan",o("control.fan"),s,0,100,0,i)}
      ${this.slider("speed",o("control.speed"),e(t?.speed_factor),10,300,100,a)}
      ${this.slider("flow",o("control.flow"),e(t?.extrude_factor),50,150,100,d)}
      ${this.height(t?.homing_origin?.[2]??0)}
    </section>`}height(t){let e=h(this.babystep,2);return n`<div class="stack" role="group" aria-labelledby="baby-title">
      <div class="row between nowrap"><span id="baby-title">${o("control.babystep")}</span>
        <strong>${h(t,2)} mm</strong></div>
      <fieldset class="segments"><legend class="hidden">${o("control.step")}</legend>
        ${H.map(s=>n`<label><input type="radio" name="babystep"
          .checked=${s===this.babystep} @change=${()=>this.babystep=s}>
          <span>${h(s,2)} mm</span></label>`)}</fieldset>
      <div class="pair">
        <button type="button" ?disabled=${!r.online} @click=${()=>this.baby(-1)}
          aria-label=${o("control.closer",{step:e})}>${f("down")} ${o("control.nearer")}</button>
        <button type="button" ?disabled=${!r.online} @click=${()=>this.baby(1)}
          aria-label=${o("control.farther",{step:e})}>${f("up")} ${o("control.higher")}</button>
      </div></div>`}slider(t,e,s,i,a,d,p){let v=async b=>{this.drag={id:t,value:b},await r.attempt(()=>p(b)),this.drag=null},u=this.drag?.id===t?this.drag.value:s,y=b=>b.target.valueAsNumber;return n`<div class="slider"><label for=${t}>${e}</label>
      <span class="row"><output for=${t}>${u} %</output>
        ${s===d?l:n`<button type="button" class="small plain" ?disabled=${!r.online}
              aria-label=${o("tune.reset",{name:e,value:d})}
              @click=${()=>v(d)}>${d} %</button>`}</span>
      <input id=${t} type="range" min=${i} max=${a} step="1" .value=${P(String(u))}
        ?disabled=${!r.online} aria-valuetext="${u} %"
        @input=${b=>this.drag={id:t,value:y(b)}}
        @change=${b=>{v(y(b))}}></div>`}};customElements.define("tune-card",j);var N=[.1,1,10,50],B=1e3,F={ArrowLeft:["x",-1],ArrowRight:["x",1],ArrowUp:["y",1],ArrowDown:["y",-1],PageUp:["z",1],PageDown:["z",-1]},D=c=>m("POST","api/printer/printhead",c),S=()=>r.online&&r.info?.link==="online"&&["none","paused"].includes(r.info.phase),M=class extends ${constructor(){super(...arguments);this.step=10;this.macros=null;this.load=z(async()=>{await T(O().then(t=>this.macros=t,()=>{}),B),this.macros??=[]})}static{this.properties={step:{state:!0},macros:{state:!0}}}willUpdate(){_(),this.macros===null&&r.online&&this.load()}jog(t,e){r.attempt(()=>D({command:"jog",[t]:e*this.step}))}home(t){r.attempt(()=>D({command:"home",axes:t}))}pressed(t){if(!S())return;let e=F[t.key];if(e)this.jog(...e);else if(t.key==="Home")this.home(["x","y","z"]);else if("1234".includes(t.key))this.step=N[Number(t.key)-1];else return;t.preventDefault()}render(){let t=n`<h1 class="page-head">${o("control.title")}</h1>`;if(this.macros===null&&r.online)return n`${t}<p aria-busy="true">${o("app.loading")}</p>`;let e=n`<macro-card .macros=${this.macros??[]}></macro-card>`,s=S()||!r.online?[n`${this.move()} ${e} <tune-card></tune-card>`,n`<temperature-card></temperature-card> <filament-card></filament-card>
            <power-card></power-card>`]:[n`<tune-card></tune-card> <objects-card></objects-card> ${e}`,n`<temperature-card></temperature-card> <power-card></power-card> ${this.move()}`];return n`${t}
      <div class="dashboard control">${s.map(i=>n`<div class="column">${i}</div>`)}</div>`}move(){let t=S();return n`<section class="card" aria-labelledby="move-title">
      <h2 id="move-title">${o("control.move")}</h2>
      ${this.position()}
      ${t||!r.online?this.pad(t):n`<p class="quiet pause">${o("control.busy")}</p>`}
    </section>`}pad(t){let e=(s,i,a,d)=>n`<button
      type="button" class=${d} ?disabled=${!t} @click=${()=>this.jog(s,i)}
      aria-label=${o("control.jog",{axis:s.toUpperCase(),distance:h(i*this.step,1)})}
      >${f(a)}</button>`;return n`<fieldset class="segments"><legend class="hidden">${o("control.step")}</legend>
        ${N.map(s=>n`<label><input type="radio" name="step" .checked=${s===this.step}
          @change=${()=>this.step=s}><span>${h(s,s<1?1:0)} mm</span></label>`)}
      </fieldset>
      <div class="jog" tabindex="0" role="group" aria-label=${o("control.move")}
        aria-describedby="jog-keys" @keydown=${this.pressed}>
        ${e("y",1,"up","north")} ${e("x",-1,"left","west")}
        <button type="button" class="middle" ?disabled=${!t}
          aria-label=${o("control.homeAll")} @click=${()=>this.home(["x","y","z"])}>
          ${f("home")}</button>
        ${e("x",1,"right","east")} ${e("y",-1,"down","south")}
        ${e("z",1,"up","z-up")} <span class="z-name" aria-hidden="true">Z</span>
        ${e("z",-1,"down","z-down")}
      </div>
      <p class="quiet" id="jog-keys">${o("control.keys")}</p>
      <div class="row">
        ${["x","y","z"].map(s=>n`<button type="button" class="small" ?disabled=${!t}
          @click=${()=>this.home([s])}>${o("control.homeAxis",{axis:s.toUpperCase()})}</button>`)}
        <button type="button" class="small" ?disabled=${!t}
          @click=${()=>r.attempt(()=>r.gcode("M84"))}>${o("control.motorsOff")}</button>
        <a class="button small" href="#/mesh">${o("nav.mesh")}</a>
      </div>`}position(){let t=r.objects.toolhead?.position??r.objects.motion_report?.live_position,e=r.objects.toolhead?.homed_axes??"";return n`<dl class="facts position" aria-label=${o("control.position")}>
      ${["x","y","z"].map((s,i)=>n`<div><dt>${s.toUpperCase()}</dt>
        <dd>${t?h(t[i],2):"\u2013"}
          ${e.includes(s)?l:n`<span class="quiet"> ${o("control.unknown")}</span>`}
        </dd></div>`)}
    </dl>`}};customElements.define("control-view",M);export{S as isFree};
