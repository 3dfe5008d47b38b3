import{a as M,b as T}from"./chunk-TLE6VJSU.js";import"./chunk-DFGEU23L.js";import{a as f}from"./chunk-FT3O23JP.js";import"./chunk-JP32XFLV.js";import{a as h}from"./chunk-7ERQJF3G.js";import"./chunk-DOV7Z6VH.js";import{a as $}from"./chunk-2NEHJ2NH.js";import{l as m,v as o}from"./chunk-JKIA4B2D.js";import{a as r,b as P,d as l,j as n}from"./chunk-L547K4MS.js";var N=[1,10,50,100],U=[2,5,10,20],z=c=>m("POST","api/printer/tool",c),w=class extends ${constructor(){super(...arguments);this.length=10;this.speed=5}static{this.properties={length:{state:!0},speed:{state:!0}}}extrude(t){let e={command:"extrude",amount:t*this.length,speed:this.speed*60};o.attempt(()=>z(e))}render(){let t=o.objects.toolhead?.extruder??"extruder",e=o.info,s=o.online&&e?.link==="online"&&["none","paused"].includes(e.phase),a=o.objects[t]?.can_extrude===!0;return r`<section class="card stack" aria-labelledby="filament-title">
      <h2 id="filament-title">${n("control.extruder")}</h2>
      ${this.tools(t,s)}
      ${_("length",n("control.length"),N,this.length,i=>this.length=i)}
      ${_("speed-e",n("filament.speed"),U,this.speed,i=>this.speed=i)}
      <div class="row">
        <button type="button" ?disabled=${!s||!a} @click=${()=>this.extrude(1)}>
          ${n("control.extrude")}</button>
        <button type="button" ?disabled=${!s||!a} @click=${()=>this.extrude(-1)}>
          ${n("control.retract")}</button>
      </div>
      ${a?l:r`<p class="quiet">${n("control.cold")}</p>`}
    </section>`}tools(t,e){let s=o.info?.profile.extruders.length??1;if(s<2)return l;let a=Number(t.slice(8)||0);return r`<fieldset class="choice" ?disabled=${!e}>
      <legend>${n("filament.tool")}</legend><div class="segments">
      ${Array.from({length:s},(i,d)=>r`<label><input type="radio" name="tool"
        .checked=${d===a} @change=${()=>o.attempt(()=>z({command:"select",tool:`tool${d}`}))}>
        <span>T${d}</span></label>`)}</div></fieldset>`}},_=(c,g,t,e,s)=>r`<fieldset class="choice"><legend>${g}</legend><div class="segments">
  ${t.map(a=>r`<label><input type="radio" name=${c}
    .checked=${a===e} @change=${()=>s(a)}>
    <span>${h(a)}</span></label>`)}</div></fieldset>`;customElements.define("filament-card",w);var O=async()=>(await m("GET","api/gantry/macros")).macros,A=(c,g)=>m("POST","api/gantry/macros",{name:c,parameters:g});var k=class extends ${constructor(){super(...arguments);this.found=null;this.asking=null;this.running=new Set}static{this.properties={found:{state:!0},asking:{state:!0},running:{state:!0}}}willUpdate(){this.found===null&&o.online&&this.load()}updated(){let t=this.querySelector("dialog");t&&!t.open&&t.showModal()}async load(){this.found=[],this.found=await O().catch(()=>[])}press(t){t.parameters.length?this.asking=t:this.run(t,{})}async run(t,e){this.running=new Set([...this.running,t.name]),await o.attempt(()=>A(t.name,e)),this.running=new Set([...this.running].filter(s=>s!==t.name))}submit(t,e){t.preventDefault();let s=[...new FormData(t.target)];this.asking=null,this.run(e,Object.fromEntries(s.map(([a,i])=>[a,String(i)])))}render(){if(!this.found?.length)return l;let t=o.online&&o.info?.link==="online"&&o.may("CONTROL");return r`<section class="card stack" aria-labelledby="macros-title">
      <h2 id="macros-title">${n("macros.title")}</h2>
      <div class="row">${this.found.map(e=>r`<button
        type="button" ?disabled=${!t||this.running.has(e.name)}
        title=${e.description||l} aria-haspopup=${e.parameters.length?"dialog":l}
        @click=${()=>this.press(e)}>${e.title}${e.parameters.length?" \u2026":""}</button>`)}
      </div>
      <p class="hidden" role="status">${this.running.size?n("macros.running"):""}</p>
      ${this.asking?this.form(this.asking):l}
    </section>`}form(t){return r`<dialog aria-labelledby="macro-title" @close=${()=>this.asking=null}>
      <form class="stack" @submit=${e=>this.submit(e,t)}>
        <h2 id="macro-title">${t.title}</h2>
        ${t.description?r`<p class="quiet">${t.description}</p>`:l}
        ${t.parameters.map(e=>r`<label class="field">
          ${e.name}${e.description?` (${e.description})`:""}
          <input name=${e.name} .value=${e.default??""}
            ?required=${e.default===null} autocomplete="off"></label>`)}
        <div class="row end">
          <button type="button" @click=${()=>this.asking=null}>${n("app.close")}</button>
          <button class="primary">${n("macros.run")}</button></div>
      </form></dialog>`}};customElements.define("macro-card",k);var x=class extends ${constructor(){super(...arguments);this.chosen=""}static{this.properties={chosen:{state:!0}}}exclude(t){o.attempt(()=>m("POST","api/gantry/exclude",{name:t}))}render(){let t=o.objects.exclude_object,e=t?.objects??[];if(!e.length)return l;let s=new Set(t?.excluded_objects??[]),a=t?.current_object??null;return r`<section class="card stack" aria-labelledby="objects-title">
      <h2 id="objects-title">${n("objects.title")}</h2>
      ${this.map(e,s,a)}
      <ul class="objects">${e.map(i=>this.row(i,s,a,e.length))}</ul>
      <p class="quiet small-text">${n("objects.hint")}</p>
    </section>`}row(t,e,s,a){let i=e.has(t.name),d=a-e.size<=1;return r`<li class=${this.chosen===t.name?"chosen":""}
      @pointerenter=${()=>this.chosen=t.name} @pointerleave=${()=>this.chosen=""}
      @focusin=${()=>this.chosen=t.name}>
      <div class="grow"><span class=${i?"struck":""}>${t.name}</span>
        ${i?r`<span class="badge">${n("objects.out")}</span>`:s===t.name?r`<span class="badge busy">${n("objects.now")}</span>`:l}</div>
      ${i||d||!o.may("PRINT")?l:r`<hold-button kind="danger small" .label=${n("objects.exclude")}
            .name=${n("objects.excludeNamed",{name:t.name})}
            @confirm=${()=>this.exclude(t.name)}></hold-button>`}
    </li>`}map(t,e,s){let a=t.filter(u=>(u.polygon?.length??0)>2),i=o.info?.profile.volume;if(!a.length||!i)return l;let d=i.origin==="center",[p,v]=d?[-i.width/2,-i.depth/2]:[0,0];return r`<svg class="object-map" viewBox="${p} ${-(v+i.depth)} ${i.width} ${i.depth}"
      aria-hidden="true"><rect class="bed" x=${p} y=${-(v+i.depth)}
        width=${i.width} height=${i.depth}></rect>
      ${a.map(u=>P`<polygon
        class="${e.has(u.name)?"out":""} ${u.name===s?"now":""} ${u.name===this.chosen?"chosen":""}"
        points=${u.polygon.map(([y,b])=>`${y},${-b}`).join(" ")}
        @pointerenter=${()=>this.chosen=u.name}></polygon>`)}</svg>`}};customElements.define("objects-card",x);var D=[.01,.05,.1],L=c=>m("POST","api/printer/printhead",c),H=c=>m("POST","api/printer/tool",c),j=class extends ${constructor(){super(...arguments);this.babystep=.05;this.drag=null}static{this.properties={babystep:{state:!0},drag:{state:!0}}}baby(t){let e=(t*this.babystep).toFixed(2);o.attempt(()=>o.gcode(`M290 Z${e}`))}render(){let t=o.objects.gcode_move,e=p=>Math.round((p??1)*100),s=e(o.objects.fan?.speed??0),a=p=>o.gcode(p?`M106 S${Math.round(p*2.55)}`:"M107"),i=p=>L({command:"feedrate",factor:p}),d=p=>H({command:"flowrate",factor:p});return r`<section class="card stack" aria-labelledby="tune-title">
      <h2 id="tune-title">${n("control.tune")}</h2>
      ${this.slider("fan",n("control.fan"),s,0,100,0,a)}
      ${this.slider("speed",n("control.speed"),e(t?.speed_factor),10,300,100,i)}
      ${this.slider("flow",n("control.flow"),e(t?.extrude_factor),50,150,100,d)}
      ${this.height(t?.homing_origin?.[2]??0)}
    </section>`}height(t){let e=h(this.babystep,2);return r`<div class="stack" role="group" aria-labelledby="baby-title">
      <div class="row between nowrap"><span id="baby-title">${n("control.babystep")}</span>
        <strong>${h(t,2)} mm</strong></div>
      <fieldset class="segments"><legend class="hidden">${n("control.step")}</legend>
        ${D.map(s=>r`<label><input type="radio" name="babystep"
          .checked=${s===this.babystep} @change=${()=>this.babystep=s}>
          <span>${h(s,2)} mm</span></label>`)}</fieldset>
      <div class="pair">
        <button type="button" ?disabled=${!o.online} @click=${()=>this.baby(-1)}
          aria-label=${n("control.closer",{step:e})}>${f("down")} ${n("control.nearer")}</button>
        <button type="button" ?disabled=${!o.online} @click=${()=>this.baby(1)}
          aria-label=${n("control.farther",{step:e})}>${f("up")} ${n("control.higher")}</button>
      </div></div>`}slider(t,e,s,a,i,d,p){let v=async b=>{this.drag={id:t,value:b},await o.attempt(()=>p(b)),this.drag=null},u=this.drag?.id===t?this.drag.value:s,y=b=>b.target.valueAsNumber;return r`<div class="slider"><label for=${t}>${e}</label>
      <span class="row"><output for=${t}>${u} %</output>
        ${s===d?l:r`<button type="button" class="small plain" ?disabled=${!o.online}
              aria-label=${n("tune.reset",{name:e,value:d})}
              @click=${()=>v(d)}>${d} %</button>`}</span>
      <input id=${t} type="range" min=${a} max=${i} step="1" .value=${M(String(u))}
        ?disabled=${!o.online} aria-valuetext="${u} %"
        @input=${b=>this.drag={id:t,value:y(b)}}
        @change=${b=>{v(y(b))}}></div>`}};customElements.define("tune-card",j);var R=[.1,1,10,50],I={ArrowLeft:["x",-1],ArrowRight:["x",1],ArrowUp:["y",1],ArrowDown:["y",-1],PageUp:["z",1],PageDown:["z",-1]},q=c=>m("POST","api/printer/printhead",c),S=()=>o.online&&o.info?.link==="online"&&["none","paused"].includes(o.info.phase),E=class extends ${constructor(){super(...arguments);this.step=10}static{this.properties={step:{state:!0}}}willUpdate(){T()}jog(t,e){o.attempt(()=>q({command:"jog",[t]:e*this.step}))}home(t){o.attempt(()=>q({command:"home",axes:t}))}pressed(t){if(!S())return;let e=I[t.key];if(e)this.jog(...e);else if(t.key==="Home")this.home(["x","y","z"]);else if("1234".includes(t.key))this.step=R[Number(t.key)-1];else return;t.preventDefault()}render(){let t=S()||!o.online?[r`${this.move()} <macro-card></macro-card> <tune-card></tune-card>`,r`<temperature-card></temperature-card> <filament-card></filament-card>
            <power-card></power-card>`]:[r`<tune-card></tune-card> <objects-card></objects-card> <macro-card></macro-card>`,r`<temperature-card></temperature-card> <power-card></power-card> ${this.move()}`];return r`<h1 class="page-head">${n("control.title")}</h1>
      <div class="dashboard control">${t.map(e=>r`<div class="column">${e}</div>`)}</div>`}move(){let t=S();return r`<section class="card" aria-labelledby="move-title">
      <h2 id="move-title">${n("control.move")}</h2>
      ${this.position()}
      ${t||!o.online?this.pad(t):r`<p class="quiet pause">${n("control.busy")}</p>`}
    </section>`}pad(t){let e=(s,a,i,d)=>r`<button
      type="button" class=${d} ?disabled=${!t} @click=${()=>this.jog(s,a)}
      aria-label=${n("control.jog",{axis:s.toUpperCase(),distance:h(a*this.step,1)})}
      >${f(i)}</button>`;return r`<fieldset class="segments"><legend class="hidden">${n("control.step")}</legend>
        ${R.map(s=>r`<label><input type="radio" name="step" .checked=${s===this.step}
          @change=${()=>this.step=s}><span>${h(s,s<1?1:0)} mm</span></label>`)}
      </fieldset>
      <div class="jog" tabindex="0" role="group" aria-label=${n("control.move")}
        aria-describedby="jog-keys" @keydown=${this.pressed}>
        ${e("y",1,"up","north")} ${e("x",-1,"left","west")}
        <button type="button" class="middle" ?disabled=${!t}
          aria-label=${n("control.homeAll")} @click=${()=>this.home(["x","y","z"])}>
          ${f("home")}</button>
        ${e("x",1,"right","east")} ${e("y",-1,"down","south")}
        ${e("z",1,"up","z-up")} <span class="z-name" aria-hidden="true">Z</span>
        ${e("z",-1,"down","z-down")}
      </div>
      <p class="quiet" id="jog-keys">${n("control.keys")}</p>
      <div class="row">
        ${["x","y","z"].map(s=>r`<button type="button" class="small" ?disabled=${!t}
          @click=${()=>this.home([s])}>${n("control.homeAxis",{axis:s.toUpperCase()})}</button>`)}
        <button type="button" class="small" ?disabled=${!t}
          @click=${()=>o.attempt(()=>o.gcode("M84"))}>${n("control.motorsOff")}</button>
        <a class="button small" href="#/mesh">${n("nav.mesh")}</a>
      </div>`}position(){let t=o.objects.toolhead?.position??o.objects.motion_report?.live_position,e=o.objects.toolhead?.homed_axes??"";return r`<dl class="facts position" aria-label=${n("control.position")}>
      ${["x","y","z"].map((s,a)=>r`<div><dt>${s.toUpperCase()}</dt>
        <dd>${t?h(t[a],2):"\u2013"}
          ${e.includes(s)?l:r`<span class="quiet"> ${n("control.unknown")}</span>`}
        </dd></div>`)}
    </dl>`}};customElements.define("control-view",E);export{S as isFree};
