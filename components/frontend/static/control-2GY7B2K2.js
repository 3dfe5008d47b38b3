import"./chunk-OCRZ64ZR.js";import"./chunk-5NYQ4Z7S.js";import{a as f,b as A,c as R,d as O,g as _}from"./chunk-YNYHZNVH.js";import{a as k}from"./chunk-HMT5KXBA.js";import"./chunk-DZQHWK3D.js";import{a as $}from"./chunk-GW66QZOH.js";import{a as g}from"./chunk-2IGGXCD2.js";import{g as u,m as o}from"./chunk-EPF25ZMC.js";import{a as r,b as M,c as y,d as c,i as n}from"./chunk-ZAYU2SCW.js";var L=[1,10,50,100],V=[2,5,10,20],z=i=>u("POST","api/printer/tool",i),x=class extends g{constructor(){super(...arguments);this.length=10;this.speed=5}static{this.properties={length:{state:!0},speed:{state:!0}}}extrude(t){let e={command:"extrude",amount:t*this.length,speed:this.speed*60};o.attempt(()=>z(e))}render(){let t=o.objects.toolhead?.extruder??"extruder",e=o.info,s=o.online&&e?.link==="online"&&["none","paused"].includes(e.phase),l=o.objects[t]?.can_extrude===!0;return r`<section class="card stack" aria-labelledby="filament-title">
      <h2 id="filament-title">${n("control.extruder")}</h2>
      ${this.tools(t,s)}
      ${U("length",n("control.length"),L,this.length,a=>this.length=a)}
      ${U("speed-e",n("filament.speed"),V,this.speed,a=>this.speed=a)}
      <div class="row">
        <button type="button" ?disabled=${!s||!l} @click=${()=>this.extrude(1)}>
          ${n("control.extrude")}</button>
        <button type="button" ?disabled=${!s||!l} @click=${()=>this.extrude(-1)}>
          ${n("control.retract")}</button>
      </div>
      ${l?c:r`<p class="quiet">${n("control.cold")}</p>`}
    </section>`}tools(t,e){let s=o.info?.profile.extruders.length??1;if(s<2)return c;let l=Number(t.slice(8)||0);return r`<fieldset class="choice" ?disabled=${!e}>
      <legend>${n("filament.tool")}</legend><div class="segments">
      ${Array.from({length:s},(a,p)=>r`<label><input type="radio" name="tool"
        .checked=${p===l} @change=${()=>o.attempt(()=>z({command:"select",tool:`tool${p}`}))}>
        <span>T${p}</span></label>`)}</div></fieldset>`}},U=(i,d,t,e,s)=>r`<fieldset class="choice"><legend>${d}</legend><div class="segments">
  ${t.map(l=>r`<label><input type="radio" name=${i}
    .checked=${l===e} @change=${()=>s(l)}>
    <span>${$(l)}</span></label>`)}</div></fieldset>`;customElements.define("filament-card",x);var B=async()=>(await u("GET","api/gantry/macros")).macros,N=(i,d)=>u("POST","api/gantry/macros",{name:i,parameters:d});var j=class extends g{constructor(){super(...arguments);this.found=null;this.asking=null;this.running=new Set}static{this.properties={found:{state:!0},asking:{state:!0},running:{state:!0}}}willUpdate(){this.found===null&&o.online&&this.load()}updated(){let t=this.querySelector("dialog");t&&!t.open&&t.showModal()}async load(){this.found=[],this.found=await B().catch(()=>[])}press(t){t.parameters.length?this.asking=t:this.run(t,{})}async run(t,e){this.running=new Set([...this.running,t.name]),await o.attempt(()=>N(t.name,e)),this.running=new Set([...this.running].filter(s=>s!==t.name))}submit(t,e){t.preventDefault();let s=[...new FormData(t.target)];this.asking=null,this.run(e,Object.fromEntries(s.map(([l,a])=>[l,String(a)])))}render(){if(!this.found?.length)return c;let t=o.online&&o.info?.link==="online"&&o.may("CONTROL");return r`<section class="card stack" aria-labelledby="macros-title">
      <h2 id="macros-title">${n("macros.title")}</h2>
      <div class="row">${this.found.map(e=>r`<button
        type="button" ?disabled=${!t||this.running.has(e.name)}
        title=${e.description||c} aria-haspopup=${e.parameters.length?"dialog":c}
        @click=${()=>this.press(e)}>${e.title}${e.parameters.length?" \u2026":""}</button>`)}
      </div>
      <p class="hidden" role="status">${this.running.size?n("macros.running"):""}</p>
      ${this.asking?this.form(this.asking):c}
    </section>`}form(t){return r`<dialog aria-labelledby="macro-title" @close=${()=>this.asking=null}>
      <form class="stack" @submit=${e=>this.submit(e,t)}>
        <h2 id="macro-title">${t.title}</h2>
        ${t.description?r`<p class="quiet">${t.description}</p>`:c}
        ${t.parameters.map(e=>r`<label class="field">
          ${e.name}${e.description?` (${e.description})`:""}
          <input name=${e.name} .value=${e.default??""}
            ?required=${e.default===null} autocomplete="off"></label>`)}
        <div class="row end">
          <button type="button" @click=${()=>this.asking=null}>${n("app.close")}</button>
          <button class="primary">${n("macros.run")}</button></div>
      </form></dialog>`}};customElements.define("macro-card",j);var E=class extends g{constructor(){super(...arguments);this.chosen=""}static{this.properties={chosen:{state:!0}}}exclude(t){o.attempt(()=>u("POST","api/gantry/exclude",{name:t}))}render(){let t=o.objects.exclude_object,e=t?.objects??[];if(!e.length)return c;let s=new Set(t?.excluded_objects??[]),l=t?.current_object??null;return r`<section class="card stack" aria-labelledby="objects-title">
      <h2 id="objects-title">${n("objects.title")}</h2>
      ${this.map(e,s,l)}
      <ul class="objects">${e.map(a=>this.row(a,s,l,e.length))}</ul>
      <p class="quiet small-text">${n("objects.hint")}</p>
    </section>`}row(t,e,s,l){let a=e.has(t.name),p=l-e.size<=1;return r`<li class=${this.chosen===t.name?"chosen":""}
      @pointerenter=${()=>this.chosen=t.name} @pointerleave=${()=>this.chosen=""}
      @focusin=${()=>this.chosen=t.name}>
      <span class="grow ${a?"struck":""}">${t.name}</span>
      ${a?r`<span class="badge">${n("objects.out")}</span>`:s===t.name?r`<span class="badge busy">${n("objects.now")}</span>`:c}
      ${a||p||!o.may("PRINT")?c:r`<hold-button kind="danger small" .label=${n("objects.exclude")}
            .name=${n("objects.excludeNamed",{name:t.name})}
            @confirm=${()=>this.exclude(t.name)}></hold-button>`}
    </li>`}map(t,e,s){let l=t.filter(b=>(b.polygon?.length??0)>2),a=o.info?.profile.volume;if(!l.length||!a)return c;let p=a.origin==="center",[m,v]=p?[-a.width/2,-a.depth/2]:[0,0];return r`<svg class="object-map" viewBox="${m} ${-(v+a.depth)} ${a.width} ${a.depth}"
      aria-hidden="true"><rect class="bed" x=${m} y=${-(v+a.depth)}
        width=${a.width} height=${a.depth}></rect>
      ${l.map(b=>M`<polygon
        class="${e.has(b.name)?"out":""} ${b.name===s?"now":""} ${b.name===this.chosen?"chosen":""}"
        points=${b.polygon.map(([w,h])=>`${w},${-h}`).join(" ")}
        @pointerenter=${()=>this.chosen=b.name}></polygon>`)}</svg>`}};customElements.define("objects-card",E);var q=A(class extends R{constructor(i){if(super(i),i.type!==f.PROPERTY&&i.type!==f.ATTRIBUTE&&i.type!==f.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!O(i))throw Error("`live` bindings can only contain a single expression")}render(i){return i}update(i,[d]){if(d===y||d===c)return d;let t=i.element,e=i.name;if(i.type===f.PROPERTY){if(d===t[e])return y}else if(i.type===f.BOOLEAN_ATTRIBUTE){if(!!d===t.hasAttribute(e))return y}else if(i.type===f.ATTRIBUTE&&t.getAttribute(e)===d+"")return y;return _(i),d}});var H=[.01,.05,.1],Y=i=>u("POST","api/printer/printhead",i),F=i=>u("POST","api/printer/tool",i),T=class extends g{constructor(){super(...arguments);this.babystep=.05;this.drag=null}static{this.properties={babystep:{state:!0},drag:{state:!0}}}baby(t){let e=(t*this.babystep).toFixed(2);o.attempt(()=>o.gcode(`M290 Z${e}`))}render(){let t=o.objects.gcode_move,e=m=>Math.round((m??1)*100),s=e(o.objects.fan?.speed??0),l=m=>o.gcode(m?`M106 S${Math.round(m*2.55)}`:"M107"),a=m=>Y({command:"feedrate",factor:m}),p=m=>F({command:"flowrate",factor:m});return r`<section class="card stack" aria-labelledby="tune-title">
      <h2 id="tune-title">${n("control.tune")}</h2>
      ${this.slider("fan",n("control.fan"),s,0,100,0,l)}
      ${this.slider("speed",n("control.speed"),e(t?.speed_factor),10,300,100,a)}
      ${this.slider("flow",n("control.flow"),e(t?.extrude_factor),50,150,100,p)}
      ${this.height(t?.homing_origin?.[2]??0)}
    </section>`}height(t){let e=$(this.babystep,2);return r`<div class="stack" role="group" aria-labelledby="baby-title">
      <span id="baby-title">${n("control.babystep")}: <strong>${$(t,2)} mm</strong></span>
      <fieldset class="segments"><legend class="hidden">${n("control.step")}</legend>
        ${H.map(s=>r`<label><input type="radio" name="babystep"
          .checked=${s===this.babystep} @change=${()=>this.babystep=s}>
          <span>${$(s,2)} mm</span></label>`)}</fieldset>
      <div class="row">
        <button type="button" class="small" ?disabled=${!o.online} @click=${()=>this.baby(-1)}>
          ${n("control.closer",{step:e})}</button>
        <button type="button" class="small" ?disabled=${!o.online} @click=${()=>this.baby(1)}>
          ${n("control.farther",{step:e})}</button>
      </div></div>`}slider(t,e,s,l,a,p,m){let v=async h=>{this.drag={id:t,value:h},await o.attempt(()=>m(h)),this.drag=null},b=this.drag?.id===t?this.drag.value:s,w=h=>h.target.valueAsNumber;return r`<div class="slider"><label for=${t}>${e}</label>
      <span class="row"><output for=${t}>${b} %</output>
        ${s===p?c:r`<button type="button" class="small plain" ?disabled=${!o.online}
              aria-label=${n("tune.reset",{name:e,value:p})}
              @click=${()=>v(p)}>${p} %</button>`}</span>
      <input id=${t} type="range" min=${l} max=${a} step="1" .value=${q(String(b))}
        ?disabled=${!o.online} aria-valuetext="${b} %"
        @input=${h=>this.drag={id:t,value:w(h)}}
        @change=${h=>{v(w(h))}}></div>`}};customElements.define("tune-card",T);var I=[.1,1,10,50],G={ArrowLeft:["x",-1],ArrowRight:["x",1],ArrowUp:["y",1],ArrowDown:["y",-1],PageUp:["z",1],PageDown:["z",-1]},D=i=>u("POST","api/printer/printhead",i),S=()=>o.online&&o.info?.link==="online"&&["none","paused"].includes(o.info.phase),P=class extends g{constructor(){super(...arguments);this.step=10}static{this.properties={step:{state:!0}}}jog(t,e){o.attempt(()=>D({command:"jog",[t]:e*this.step}))}home(t){o.attempt(()=>D({command:"home",axes:t}))}pressed(t){if(!S())return;let e=G[t.key];if(e)this.jog(...e);else if(t.key==="Home")this.home(["x","y","z"]);else if("1234".includes(t.key))this.step=I[Number(t.key)-1];else return;t.preventDefault()}render(){let t=S()||!o.online?[r`${this.move()} <macro-card></macro-card>`,r`<temperature-card></temperature-card> <filament-card></filament-card>
            <tune-card></tune-card>`]:[r`<tune-card></tune-card> <objects-card></objects-card> <macro-card></macro-card>`,r`<temperature-card></temperature-card> ${this.move()}`];return r`<h1 class="page-head">${n("control.title")}</h1>
      <div class="dashboard control">${t.map(e=>r`<div class="column">${e}</div>`)}</div>`}move(){let t=S(),e=(s,l,a,p)=>r`<button
      type="button" class=${p} ?disabled=${!t} @click=${()=>this.jog(s,l)}
      aria-label=${n("control.jog",{axis:s.toUpperCase(),distance:$(l*this.step,1)})}
      >${k(a)}</button>`;return r`<section class="card" aria-labelledby="move-title">
      <h2 id="move-title">${n("control.move")}</h2>
      ${this.position()}
      <fieldset class="segments"><legend class="hidden">${n("control.step")}</legend>
        ${I.map(s=>r`<label><input type="radio" name="step" .checked=${s===this.step}
          @change=${()=>this.step=s}><span>${$(s,s<1?1:0)} mm</span></label>`)}
      </fieldset>
      <div class="jog" tabindex="0" role="group" aria-label=${n("control.move")}
        aria-describedby="jog-keys" @keydown=${this.pressed}>
        ${e("y",1,"up","north")} ${e("x",-1,"left","west")}
        <button type="button" class="middle" ?disabled=${!t}
          aria-label=${n("control.homeAll")} @click=${()=>this.home(["x","y","z"])}>
          ${k("home")}</button>
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
      </div>
      ${t||!o.online?c:r`<p class="quiet">${n("control.busy")}</p>`}
    </section>`}position(){let t=o.objects.toolhead?.position??o.objects.motion_report?.live_position,e=o.objects.toolhead?.homed_axes??"";return r`<dl class="facts position" aria-label=${n("control.position")}>
      ${["x","y","z"].map((s,l)=>r`<div><dt>${s.toUpperCase()}</dt>
        <dd>${t?$(t[l],2):"\u2013"}
          ${e.includes(s)?c:r`<span class="quiet"> ${n("control.unknown")}</span>`}
        </dd></div>`)}
    </dl>`}};customElements.define("control-view",P);export{S as isFree};
