import"./chunk-ZRKHSWZG.js";import"./chunk-536BFSXY.js";import{a as f,b as M,c as A,d as R,g as O}from"./chunk-IREYVPPY.js";import"./chunk-FPTUBTSA.js";import{a as k}from"./chunk-5OSBF326.js";import{a as $}from"./chunk-V6PYPILW.js";import{e as u,j as o,k as g}from"./chunk-LYFRKL44.js";import{a as i,b as P,c as y,d as c,i as n}from"./chunk-MRUERMNA.js";var L=[1,10,50,100],V=[2,5,10,20],_=a=>u("POST","api/printer/tool",a),x=class extends g{constructor(){super(...arguments);this.length=10;this.speed=5}static{this.properties={length:{state:!0},speed:{state:!0}}}extrude(t){let e={command:"extrude",amount:t*this.length,speed:this.speed*60};o.attempt(()=>_(e))}render(){let t=o.objects.toolhead?.extruder??"extruder",e=o.info,s=o.online&&e?.link==="online"&&["none","paused"].includes(e.phase),l=o.objects[t]?.can_extrude===!0;return i`<section class="card stack" aria-labelledby="filament-title">
      <h2 id="filament-title">${n("control.extruder")}</h2>
      ${this.tools(t,s)}
      ${z("length",n("control.length"),L,this.length,"mm",r=>this.length=r)}
      ${z("speed-e",n("filament.speed"),V,this.speed,"mm/s",r=>this.speed=r)}
      <div class="row">
        <button type="button" ?disabled=${!s||!l} @click=${()=>this.extrude(1)}>
          ${n("control.extrude")}</button>
        <button type="button" ?disabled=${!s||!l} @click=${()=>this.extrude(-1)}>
          ${n("control.retract")}</button>
      </div>
      ${l?c:i`<p class="quiet">${n("control.cold")}</p>`}
    </section>`}tools(t,e){let s=o.info?.profile.extruders.length??1;if(s<2)return c;let l=Number(t.slice(8)||0);return i`<fieldset class="choice" ?disabled=${!e}>
      <legend>${n("filament.tool")}</legend><div class="segments">
      ${Array.from({length:s},(r,p)=>i`<label><input type="radio" name="tool"
        .checked=${p===l} @change=${()=>o.attempt(()=>_({command:"select",tool:`tool${p}`}))}>
        <span>T${p}</span></label>`)}</div></fieldset>`}},z=(a,d,t,e,s,l)=>i`<fieldset class="choice"><legend>${d}</legend><div class="segments">
  ${t.map(r=>i`<label><input type="radio" name=${a}
    .checked=${r===e} @change=${()=>l(r)}>
    <span>${$(r)} ${s}</span></label>`)}</div></fieldset>`;customElements.define("filament-card",x);var U=async()=>(await u("GET","api/gantry/macros")).macros,B=(a,d)=>u("POST","api/gantry/macros",{name:a,parameters:d});var j=class extends g{constructor(){super(...arguments);this.found=null;this.asking=null;this.running=new Set}static{this.properties={found:{state:!0},asking:{state:!0},running:{state:!0}}}willUpdate(){this.found===null&&o.online&&this.load()}updated(){let t=this.querySelector("dialog");t&&!t.open&&t.showModal()}async load(){this.found=[],this.found=await U().catch(()=>[])}press(t){t.parameters.length?this.asking=t:this.run(t,{})}async run(t,e){this.running=new Set([...this.running,t.name]),await o.attempt(()=>B(t.name,e)),this.running=new Set([...this.running].filter(s=>s!==t.name))}submit(t,e){t.preventDefault();let s=[...new FormData(t.target)];this.asking=null,this.run(e,Object.fromEntries(s.map(([l,r])=>[l,String(r)])))}render(){if(!this.found?.length)return c;let t=o.online&&o.info?.link==="online"&&o.may("CONTROL");return i`<section class="card stack" aria-labelledby="macros-title">
      <h2 id="macros-title">${n("macros.title")}</h2>
      <div class="row">${this.found.map(e=>i`<button
        type="button" ?disabled=${!t||this.running.has(e.name)}
        title=${e.description||c} aria-haspopup=${e.parameters.length?"dialog":c}
        @click=${()=>this.press(e)}>${e.title}${e.parameters.length?" \u2026":""}</button>`)}
      </div>
      <p class="hidden" role="status">${this.running.size?n("macros.running"):""}</p>
      ${this.asking?this.form(this.asking):c}
    </section>`}form(t){return i`<dialog aria-labelledby="macro-title" @close=${()=>this.asking=null}>
      <form class="stack" @submit=${e=>this.submit(e,t)}>
        <h2 id="macro-title">${t.title}</h2>
        ${t.description?i`<p class="quiet">${t.description}</p>`:c}
        ${t.parameters.map(e=>i`<label class="field">
          ${e.name}${e.description?` (${e.description})`:""}
          <input name=${e.name} .value=${e.default??""}
            ?required=${e.default===null} autocomplete="off"></label>`)}
        <div class="row end">
          <button type="button" @click=${()=>this.asking=null}>${n("app.close")}</button>
          <button class="primary">${n("macros.run")}</button></div>
      </form></dialog>`}};customElements.define("macro-card",j);var E=class extends g{constructor(){super(...arguments);this.chosen=""}static{this.properties={chosen:{state:!0}}}exclude(t){o.attempt(()=>u("POST","api/gantry/exclude",{name:t}))}render(){let t=o.objects.exclude_object,e=t?.objects??[];if(!e.length)return c;let s=new Set(t?.excluded_objects??[]),l=t?.current_object??null;return i`<section class="card stack" aria-labelledby="objects-title">
      <h2 id="objects-title">${n("objects.title")}</h2>
      ${this.map(e,s,l)}
      <ul class="objects">${e.map(r=>this.row(r,s,l,e.length))}</ul>
      <p class="quiet small-text">${n("objects.hint")}</p>
    </section>`}row(t,e,s,l){let r=e.has(t.name),p=l-e.size<=1;return i`<li class=${this.chosen===t.name?"chosen":""}
      @pointerenter=${()=>this.chosen=t.name} @pointerleave=${()=>this.chosen=""}
      @focusin=${()=>this.chosen=t.name}>
      <span class="grow ${r?"struck":""}">${t.name}</span>
      ${r?i`<span class="badge">${n("objects.out")}</span>`:s===t.name?i`<span class="badge busy">${n("objects.now")}</span>`:c}
      ${r||p||!o.may("PRINT")?c:i`<hold-button kind="danger small" .label=${n("objects.exclude")}
            .name=${n("objects.excludeNamed",{name:t.name})}
            @confirm=${()=>this.exclude(t.name)}></hold-button>`}
    </li>`}map(t,e,s){let l=t.filter(b=>(b.polygon?.length??0)>2),r=o.info?.profile.volume;if(!l.length||!r)return c;let p=r.origin==="center",[m,v]=p?[-r.width/2,-r.depth/2]:[0,0];return i`<svg class="object-map" viewBox="${m} ${-(v+r.depth)} ${r.width} ${r.depth}"
      aria-hidden="true"><rect class="bed" x=${m} y=${-(v+r.depth)}
        width=${r.width} height=${r.depth}></rect>
      ${l.map(b=>P`<polygon
        class="${e.has(b.name)?"out":""} ${b.name===s?"now":""} ${b.name===this.chosen?"chosen":""}"
        points=${b.polygon.map(([w,h])=>`${w},${-h}`).join(" ")}
        @pointerenter=${()=>this.chosen=b.name}></polygon>`)}</svg>`}};customElements.define("objects-card",E);var N=M(class extends A{constructor(a){if(super(a),a.type!==f.PROPERTY&&a.type!==f.ATTRIBUTE&&a.type!==f.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!R(a))throw Error("`live` bindings can only contain a single expression")}render(a){return a}update(a,[d]){if(d===y||d===c)return d;let t=a.element,e=a.name;if(a.type===f.PROPERTY){if(d===t[e])return y}else if(a.type===f.BOOLEAN_ATTRIBUTE){if(!!d===t.hasAttribute(e))return y}else if(a.type===f.ATTRIBUTE&&t.getAttribute(e)===d+"")return y;return O(a),d}});var H=[.01,.05,.1],Y=a=>u("POST","api/printer/printhead",a),F=a=>u("POST","api/printer/tool",a),T=class extends g{constructor(){super(...arguments);this.babystep=.05;this.drag=null}static{this.properties={babystep:{state:!0},drag:{state:!0}}}baby(t){let e=(t*this.babystep).toFixed(2);o.attempt(()=>o.gcode(`M290 Z${e}`))}render(){let t=o.objects.gcode_move,e=m=>Math.round((m??1)*100),s=e(o.objects.fan?.speed??0),l=m=>o.gcode(m?`M106 S${Math.round(m*2.55)}`:"M107"),r=m=>Y({command:"feedrate",factor:m}),p=m=>F({command:"flowrate",factor:m});return i`<section class="card stack" aria-labelledby="tune-title">
      <h2 id="tune-title">${n("control.tune")}</h2>
      ${this.slider("fan",n("control.fan"),s,0,100,0,l)}
      ${this.slider("speed",n("control.speed"),e(t?.speed_factor),10,300,100,r)}
      ${this.slider("flow",n("control.flow"),e(t?.extrude_factor),50,150,100,p)}
      ${this.height(t?.homing_origin?.[2]??0)}
    </section>`}height(t){let e=$(this.babystep,2);return i`<div class="stack" role="group" aria-labelledby="baby-title">
      <span id="baby-title">${n("control.babystep")}: <strong>${$(t,2)} mm</strong></span>
      <fieldset class="segments"><legend class="hidden">${n("control.step")}</legend>
        ${H.map(s=>i`<label><input type="radio" name="babystep"
          .checked=${s===this.babystep} @change=${()=>this.babystep=s}>
          <span>${$(s,2)} mm</span></label>`)}</fieldset>
      <div class="row">
        <button type="button" class="small" ?disabled=${!o.online} @click=${()=>this.baby(-1)}>
          ${n("control.closer",{step:e})}</button>
        <button type="button" class="small" ?disabled=${!o.online} @click=${()=>this.baby(1)}>
          ${n("control.farther",{step:e})}</button>
      </div></div>`}slider(t,e,s,l,r,p,m){let v=async h=>{this.drag={id:t,value:h},await o.attempt(()=>m(h)),this.drag=null},b=this.drag?.id===t?this.drag.value:s,w=h=>h.target.valueAsNumber;return i`<div class="slider"><label for=${t}>${e}</label>
      <span class="row"><output for=${t}>${b} %</output>
        ${s===p?c:i`<button type="button" class="small plain" ?disabled=${!o.online}
              aria-label=${n("tune.reset",{name:e,value:p})}
              @click=${()=>v(p)}>${p} %</button>`}</span>
      <input id=${t} type="range" min=${l} max=${r} step="1" .value=${N(String(b))}
        ?disabled=${!o.online} aria-valuetext="${b} %"
        @input=${h=>this.drag={id:t,value:w(h)}}
        @change=${h=>{v(w(h))}}></div>`}};customElements.define("tune-card",T);var q=[.1,1,10,50],G={ArrowLeft:["x",-1],ArrowRight:["x",1],ArrowUp:["y",1],ArrowDown:["y",-1],PageUp:["z",1],PageDown:["z",-1]},I=a=>u("POST","api/printer/printhead",a),D=()=>o.online&&o.info?.link==="online"&&["none","paused"].includes(o.info.phase),S=class extends g{constructor(){super(...arguments);this.step=10}static{this.properties={step:{state:!0}}}jog(t,e){o.attempt(()=>I({command:"jog",[t]:e*this.step}))}home(t){o.attempt(()=>I({command:"home",axes:t}))}pressed(t){if(!D())return;let e=G[t.key];if(e)this.jog(...e);else if(t.key==="Home")this.home(["x","y","z"]);else if("1234".includes(t.key))this.step=q[Number(t.key)-1];else return;t.preventDefault()}render(){return i`<h1 class="page-head">${n("control.title")}</h1>
      <div class="dashboard control">
        <div class="column">${this.move()} <objects-card></objects-card> <macro-card></macro-card></div>
        <div class="column"><temperature-card></temperature-card>
          <filament-card></filament-card> <tune-card></tune-card></div>
      </div>`}move(){let t=D(),e=(s,l,r,p)=>i`<button
      type="button" class=${p} ?disabled=${!t} @click=${()=>this.jog(s,l)}
      aria-label=${n("control.jog",{axis:s.toUpperCase(),distance:$(l*this.step,1)})}
      >${k(r)}</button>`;return i`<section class="card" aria-labelledby="move-title">
      <h2 id="move-title">${n("control.move")}</h2>
      ${this.position()}
      <fieldset class="segments"><legend class="hidden">${n("control.step")}</legend>
        ${q.map(s=>i`<label><input type="radio" name="step" .checked=${s===this.step}
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
        ${["x","y","z"].map(s=>i`<button type="button" class="small" ?disabled=${!t}
          @click=${()=>this.home([s])}>${n("control.homeAxis",{axis:s.toUpperCase()})}</button>`)}
        <button type="button" class="small" ?disabled=${!t}
          @click=${()=>o.attempt(()=>o.gcode("M84"))}>${n("control.motorsOff")}</button>
        <a class="button small" href="#/mesh">${n("nav.mesh")}</a>
      </div>
      ${t||!o.online?c:i`<p class="quiet">${n("control.busy")}</p>`}
    </section>`}position(){let t=o.objects.toolhead?.position??o.objects.motion_report?.live_position,e=o.objects.toolhead?.homed_axes??"";return i`<dl class="facts position" aria-label=${n("control.position")}>
      ${["x","y","z"].map((s,l)=>i`<div><dt>${s.toUpperCase()}</dt>
        <dd>${t?$(t[l],2):"\u2013"}
          ${e.includes(s)?c:i`<span class="quiet"> ${n("control.unknown")}</span>`}
        </dd></div>`)}
    </dl>`}};customElements.define("control-view",S);export{D as isFree};
