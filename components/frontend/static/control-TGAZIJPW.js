import"./chunk-HUCYT3SJ.js";import{a as h}from"./chunk-33GG5PHY.js";import{a as l}from"./chunk-XNBOOLDR.js";import{e as $,j as o,k as y}from"./chunk-6O4BZPLP.js";import{a as r,d as u,i as e}from"./chunk-IKJ2O7UB.js";var k=[.1,1,10,50],w=.05,j={ArrowLeft:["x",-1],ArrowRight:["x",1],ArrowUp:["y",1],ArrowDown:["y",-1],PageUp:["z",1],PageDown:["z",-1]},g=p=>$("POST","api/printer/printhead",p),x=p=>$("POST","api/printer/tool",p),f=class extends y{constructor(){super(...arguments);this.step=10;this.length=10}static{this.properties={step:{state:!0},length:{state:!0}}}get free(){return o.online&&o.info?.link==="online"&&o.info.phase!=="printing"}jog(t,n){o.attempt(()=>g({command:"jog",[t]:n*this.step}))}home(t){o.attempt(()=>g({command:"home",axes:t}))}pressed(t){if(!this.free||t.target!==t.currentTarget)return;let n=j[t.key];if(n)this.jog(...n);else if(t.key==="Home")this.home(["x","y","z"]);else return;t.preventDefault()}extrude(t){o.attempt(()=>x({command:"extrude",amount:t*this.length}))}render(){return r`<h1 class="page-head">${e("control.title")}</h1>
      <div class="dashboard control">
        ${this.move()}
        <temperature-card></temperature-card>
        ${this.filament()} ${this.tune()}
      </div>`}move(){let t=this.free,n=(s,a,c,d)=>r`<button
      type="button" class=${d} ?disabled=${!t} @click=${()=>this.jog(s,a)}
      aria-label=${e("control.jog",{axis:s.toUpperCase(),distance:l(a*this.step,1)})}
      >${h(c)}</button>`;return r`<section class="card" aria-labelledby="move-title">
      <h2 id="move-title">${e("control.move")}</h2>
      ${this.position()}
      <fieldset class="segments"><legend class="hidden">${e("control.step")}</legend>
        ${k.map(s=>r`<label><input type="radio" name="step" .checked=${s===this.step}
          @change=${()=>this.step=s}><span>${l(s,s<1?1:0)} mm</span></label>`)}
      </fieldset>
      <div class="jog" tabindex="0" role="group" aria-label=${e("control.move")}
        aria-describedby="jog-keys" @keydown=${this.pressed}>
        ${n("y",1,"up","north")} ${n("x",-1,"left","west")}
        <button type="button" class="middle" ?disabled=${!t}
          aria-label=${e("control.homeAll")} @click=${()=>this.home(["x","y","z"])}>
          ${h("home")}</button>
        ${n("x",1,"right","east")} ${n("y",-1,"down","south")}
        ${n("z",1,"up","z-up")} <span class="z-name" aria-hidden="true">Z</span>
        ${n("z",-1,"down","z-down")}
      </div>
      <p class="quiet" id="jog-keys">${e("control.keys")}</p>
      <div class="row">
        ${["x","y","z"].map(s=>r`<button type="button" class="small" ?disabled=${!t}
          @click=${()=>this.home([s])}>${e("control.homeAxis",{axis:s.toUpperCase()})}</button>`)}
        <button type="button" class="small" ?disabled=${!t}
          @click=${()=>o.attempt(()=>o.gcode("M84"))}>${e("control.motorsOff")}</button>
      </div>
      ${t||!o.online?u:r`<p class="quiet">${e("control.busy")}</p>`}
    </section>`}position(){let t=o.objects.toolhead?.position??o.objects.motion_report?.live_position,n=o.objects.toolhead?.homed_axes??"";return r`<dl class="facts position" aria-label=${e("control.position")}>
      ${["x","y","z"].map((s,a)=>r`<div><dt>${s.toUpperCase()}</dt>
        <dd>${t?l(t[a],2):"\u2013"}
          ${n.includes(s)?u:r`<span class="quiet"> ${e("control.unknown")}</span>`}
        </dd></div>`)}
    </dl>`}filament(){let t=o.objects.extruder?.can_extrude===!0,n=this.free&&t;return r`<section class="card stack" aria-labelledby="filament-title">
      <h2 id="filament-title">${e("control.extruder")}</h2>
      <label class="field">${e("control.length")}
        <input type="number" min="1" max="100" step="1" .value=${String(this.length)}
          @change=${s=>{this.length=s.target.valueAsNumber||10}}></label>
      <div class="row">
        <button type="button" ?disabled=${!n} @click=${()=>this.extrude(1)}>
          ${e("control.extrude")}</button>
        <button type="button" ?disabled=${!n} @click=${()=>this.extrude(-1)}>
          ${e("control.retract")}</button>
      </div>
      ${t?u:r`<p class="quiet">${e("control.cold")}</p>`}
    </section>`}tune(){let t=o.objects.gcode_move,n=i=>Math.round((i??1)*100),s=n(o.objects.fan?.speed??0),a=t?.homing_origin?.[2]??0,c=i=>o.gcode(i?`M106 S${Math.round(i*2.55)}`:"M107"),d=i=>g({command:"feedrate",factor:i}),b=i=>x({command:"flowrate",factor:i}),m=i=>()=>o.attempt(()=>o.gcode(`M290 Z${(i*w).toFixed(2)}`)),v=l(w,2);return r`<section class="card stack" aria-labelledby="tune-title">
      <h2 id="tune-title">${e("control.tune")}</h2>
      ${this.slider("fan",e("control.fan"),s,0,100,c)}
      ${this.slider("speed",e("control.speed"),n(t?.speed_factor),10,300,d)}
      ${this.slider("flow",e("control.flow"),n(t?.extrude_factor),50,150,b)}
      <div class="row" role="group" aria-labelledby="baby-title">
        <span id="baby-title" class="grow">${e("control.babystep")}:
          <strong>${l(a,2)} mm</strong></span>
        <button type="button" class="small" ?disabled=${!o.online} @click=${m(-1)}>
          ${e("control.closer",{step:v})}</button>
        <button type="button" class="small" ?disabled=${!o.online} @click=${m(1)}>
          ${e("control.farther",{step:v})}</button>
      </div>
    </section>`}slider(t,n,s,a,c,d){return r`<div class="slider"><label for=${t}>${n}</label>
      <output for=${t}>${s} %</output>
      <input id=${t} type="range" min=${a} max=${c} step="1" .value=${String(s)}
        ?disabled=${!o.online} aria-valuetext="${s} %"
        @change=${b=>{let m=b.target.valueAsNumber;o.attempt(()=>d(m))}}></div>`}};customElements.define("control-view",f);
