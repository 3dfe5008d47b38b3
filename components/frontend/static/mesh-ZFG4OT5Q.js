import{a as k}from"./chunk-KWJPT2HP.js";import"./chunk-C3JYF776.js";import{a as M}from"./chunk-YBJ26VRZ.js";import{a as L}from"./chunk-UYD64E57.js";import{v as f}from"./chunk-V3P5RCZY.js";import{a as h,b as R,d as w,f as G,j as i}from"./chunk-KO2WHEQ3.js";function O(o){let c=o.flat(),[t,e]=[Math.min(...c),Math.max(...c)];return{min:t,max:e,range:e-t,mean:c.reduce((r,n)=>r+n,0)/c.length}}function T(o,c){let[t,e]=[o.length,o[0].length],r=n=>(n-1)*c+1;return Array.from({length:r(t)},(n,d)=>Array.from({length:r(e)},(b,m)=>{let[l,s]=[d/c,m/c],[a,u]=[Math.floor(l),Math.floor(s)],[p,y]=[Math.min(a+1,t-1),Math.min(u+1,e-1)],[x,v]=[l-a,s-u];return(o[a][u]*(1-v)+o[a][y]*v)*(1-x)+(o[p][u]*(1-v)+o[p][y]*v)*x}))}function E(o,c){let t=Math.max(-1,Math.min(1,c?o/c:0));return`rgb(${(t<0?[33,102,172]:[178,24,43]).map(n=>Math.round(247+(n-247)*Math.abs(t))).join(" ")})`}var C=(o,c)=>c&&Math.abs(o)/c>.6?"#ffffff":"#111517";var P=5,S=.3,z=.15,q=1.5,_=class extends G{constructor(){super(...arguments);this.grid=[];this.label="";this.turn=-.6;this.tilt=.75;this.frame=0;this.again=()=>this.later();this.resized=new ResizeObserver(this.again)}static{this.properties={grid:{attribute:!1},label:{}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.resized.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.resized.disconnect(),cancelAnimationFrame(this.frame)}render(){return h`<canvas role="img" tabindex="0" aria-label=${this.label}
      @pointerdown=${t=>t.target.setPointerCapture(t.pointerId)}
      @pointermove=${this.dragged} @keydown=${this.keyed}></canvas>`}updated(){this.later()}later(){cancelAnimationFrame(this.frame),this.frame=requestAnimationFrame(()=>this.draw())}rotate(t,e){this.turn+=t,this.tilt=Math.max(z,Math.min(q,this.tilt+e)),this.later()}dragged(t){t.buttons&&this.rotate(-t.movementX/150,t.movementY/150)}keyed(t){let e={ArrowLeft:[.15,0],ArrowRight:[-.15,0],ArrowUp:[0,-.1],ArrowDown:[0,.1]};t.key in e&&(this.rotate(...e[t.key]),t.preventDefault())}draw(){let t=this.querySelector("canvas"),e=t?.getContext("2d");if(!t||!e||!t.clientWidth||this.grid.length<2)return;let r=Math.min(devicePixelRatio||1,2);t.width=t.clientWidth*r,t.height=t.clientHeight*r;let n=T(this.grid,P),d=Math.max(...this.grid.flat().map(Math.abs),1e-9),b=Math.min(t.width,t.height*1.5)*.62,m=(s,a)=>{let u=a/(n[0].length-1)-.5,p=s/(n.length-1)-.5,y=n[s][a]/d*(S/2),x=u*Math.cos(this.turn)-p*Math.sin(this.turn),v=u*Math.sin(this.turn)+p*Math.cos(this.turn);return[t.width/2+x*b,t.height/2-(v*Math.sin(this.tilt)+y*Math.cos(this.tilt))*b,v]},l=[];for(let s=0;s+1<n.length;s++)for(let a=0;a+1<n[0].length;a++){let u=[m(s,a),m(s,a+1),m(s+1,a+1),m(s+1,a)],p=(n[s][a]+n[s+1][a+1])/2;l.push({far:(u[0][2]+u[2][2])/2,z:p,corners:u})}l.sort((s,a)=>a.far-s.far),e.lineWidth=r*.7,e.strokeStyle="rgb(0 0 0 / 22%)";for(let{z:s,corners:a}of l){e.fillStyle=E(s,d),e.beginPath();for(let[u,p]of a)e.lineTo(u,p);e.closePath(),e.fill(),e.stroke()}}};customElements.define("mesh-surface",_);var $=60,g=o=>`${o>0?"+":""}${M(o,3)}`,A=class extends L{constructor(){super(...arguments);this.busy=""}static{this.properties={busy:{state:!0}}}async run(t){let r={measure:[...(f.objects.toolhead?.homed_axes??"").length===3?[]:["G28"],"BED_MESH_CALIBRATE"],read:["BED_MESH_OUTPUT"],off:["BED_MESH_CLEAR"],save:["BED_MESH_PROFILE SAVE=default"]};this.busy=t,await f.attempt(async()=>{for(let n of r[t])await f.gcode(n)}),this.busy=""}render(){let t=f.objects.bed_mesh,e=t?.probed_matrix??[],r=e.length>1&&e[0].length>1;return h`<h1 class="page-head">${i("mesh.title")}</h1>
      ${t===void 0?h`<p class="card quiet empty">${k("mesh")}<span>${i("mesh.unable")}</span></p>`:h`${this.buttons(r)}
            ${r?this.shown(e,t):h`<p class="card quiet empty">${k("mesh")}<span>${i("mesh.none")}<br>${i("mesh.why")}</span></p>`}`}`}buttons(t){let e=f.online&&f.info?.link==="online"&&f.info.phase==="none";if(!f.may("CONTROL"))return w;let r=(n,d)=>h`<button type="button"
      ?disabled=${!e||this.busy!==""} @click=${()=>this.run(n)}>${d}</button>`;return h`<div class="tools">
      <hold-button kind="primary" .label=${i("mesh.measure")} .disabled=${!e||this.busy!==""}
        @confirm=${()=>this.run("measure")}></hold-button>
      ${r("read",i("mesh.read"))}
      ${t?h`${r("save",i("mesh.save"))} ${r("off",i("mesh.off"))}`:w}
      <p role="status" class="quiet">${this.busy==="measure"?i("mesh.measuring"):""}</p>
    </div>`}shown(t,e){let r=O(t),n=(d,b)=>h`<div><dt>${d}</dt><dd>${g(b)} mm</dd></div>`;return h`<div class="dashboard even">
      <section class="card stack" aria-labelledby="map-title">
        <h2 id="map-title">${i("mesh.map")}</h2>
        <dl class="facts flush">${n(i("mesh.min"),r.min)} ${n(i("mesh.max"),r.max)}
          <div><dt>${i("mesh.range")}</dt><dd>${M(r.range,3)} mm</dd></div>
          ${n(i("mesh.mean"),r.mean)}</dl>
        ${this.map(t)}
      </section>
      <section class="card stack" aria-labelledby="surface-title">
        <h2 id="surface-title">${i("mesh.surface")}</h2>
        <mesh-surface .grid=${t} .label=${i("mesh.picture",{min:g(r.min),max:g(r.max)})}></mesh-surface>
        <p class="quiet small-text">${i("mesh.turn")}</p>
      </section></div>
      <details class="card"><summary>${i("mesh.table")}</summary>${this.table(t,e)}</details>`}map(t){let e=Math.max(...t.flat().map(Math.abs),1e-9),[r,n]=[t.length,t[0].length];return h`<svg class="heat-map" viewBox="0 0 ${n*$} ${r*$}" aria-hidden="true">
      ${t.map((d,b)=>d.map((m,l)=>R`<rect
          x=${l*$} y=${(r-1-b)*$} width=${$} height=${$}
          fill=${E(m,e)}></rect>
        <text x=${(l+.5)*$} y=${(r-.5-b)*$} fill=${C(m,e)}
          font-size="14" text-anchor="middle" dominant-baseline="central">${g(m)}</text>`))}
    </svg>`}table(t,e){let[r,n]=[e.mesh_min,e.mesh_max],d=(m,l,s)=>M(r[m]+(n[m]-r[m])*l/(s-1),0),b=[...t.entries()].reverse();return h`<div class="scroll" tabindex="0" role="region" aria-label=${i("mesh.table")}><table>
      <thead><tr><th scope="col">Y \\ X</th>${t[0].map((m,l)=>h`<th scope="col">${d(0,l,t[0].length)}</th>`)}</tr></thead>
      <tbody>${b.map(([m,l])=>h`<tr><th scope="row">${d(1,m,t.length)}</th>
        ${l.map(s=>h`<td>${g(s)}</td>`)}</tr>`)}</tbody></table></div>`}};customElements.define("mesh-view",A);
