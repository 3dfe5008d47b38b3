import{a as R}from"./chunk-DY3IWYBU.js";import"./chunk-72DYD4AI.js";import{a as E}from"./chunk-35X64PMC.js";import{a as T}from"./chunk-B544CBGK.js";import{A as $}from"./chunk-J5RRR37K.js";import{a as c,b as M,d as _,f as L,j as o}from"./chunk-M6YJ65Q2.js";function C(i){let m=i.flat(),[t,e]=[Math.min(...m),Math.max(...m)];return{min:t,max:e,range:e-t,mean:m.reduce((n,r)=>n+r,0)/m.length}}function P(i,m){let[t,e]=[i.length,i[0].length],n=r=>(r-1)*m+1;return Array.from({length:n(t)},(r,h)=>Array.from({length:n(e)},(d,u)=>{let[p,s]=[h/m,u/m],[a,l]=[Math.floor(p),Math.floor(s)],[f,x]=[Math.min(a+1,t-1),Math.min(l+1,e-1)],[y,v]=[p-a,s-l];return(i[a][l]*(1-v)+i[a][x]*v)*(1-y)+(i[f][l]*(1-v)+i[f][x]*v)*y}))}function w(i,m){let t=Math.max(-1,Math.min(1,m?i/m:0));return`rgb(${(t<0?[33,102,172]:[178,24,43]).map(r=>Math.round(247+(r-247)*Math.abs(t))).join(" ")})`}var S=(i,m)=>m&&Math.abs(i)/m>.6?"#ffffff":"#111517";var z=5,D=.3,q=.15,B=1.5,A=class extends L{constructor(){super(...arguments);this.grid=[];this.label="";this.turn=-.6;this.tilt=.75;this.frame=0;this.again=()=>this.later();this.resized=new ResizeObserver(this.again)}static{this.properties={grid:{attribute:!1},label:{}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.resized.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.resized.disconnect(),cancelAnimationFrame(this.frame)}render(){return c`<canvas role="img" tabindex="0" aria-label=${this.label}
      @pointerdown=${t=>t.target.setPointerCapture(t.pointerId)}
      @pointermove=${this.dragged} @keydown=${this.keyed}></canvas>`}updated(){this.later()}later(){cancelAnimationFrame(this.frame),this.frame=requestAnimationFrame(()=>this.draw())}rotate(t,e){this.turn+=t,this.tilt=Math.max(q,Math.min(B,this.tilt+e)),this.later()}dragged(t){t.buttons&&this.rotate(-t.movementX/150,t.movementY/150)}keyed(t){let e={ArrowLeft:[.15,0],ArrowRight:[-.15,0],ArrowUp:[0,-.1],ArrowDown:[0,.1]};t.key in e&&(this.rotate(...e[t.key]),t.preventDefault())}draw(){let t=this.querySelector("canvas"),e=t?.getContext("2d");if(!t||!e||!t.clientWidth||this.grid.length<2)return;let n=Math.min(devicePixelRatio||1,2);t.width=t.clientWidth*n,t.height=t.clientHeight*n;let r=P(this.grid,z),h=Math.max(...this.grid.flat().map(Math.abs),1e-9),d=Math.min(t.width,t.height*1.5)*.62,u=(s,a)=>{let l=a/(r[0].length-1)-.5,f=s/(r.length-1)-.5,x=r[s][a]/h*(D/2),y=l*Math.cos(this.turn)-f*Math.sin(this.turn),v=l*Math.sin(this.turn)+f*Math.cos(this.turn);return[t.width/2+y*d,t.height/2-(v*Math.sin(this.tilt)+x*Math.cos(this.tilt))*d,v]},p=[];for(let s=0;s+1<r.length;s++)for(let a=0;a+1<r[0].length;a++){let l=[u(s,a),u(s,a+1),u(s+1,a+1),u(s+1,a)],f=(r[s][a]+r[s+1][a+1])/2;p.push({far:(l[0][2]+l[2][2])/2,z:f,corners:l})}p.sort((s,a)=>a.far-s.far),e.lineWidth=n*.7,e.strokeStyle="rgb(0 0 0 / 22%)";for(let{z:s,corners:a}of p){e.fillStyle=w(s,h),e.beginPath();for(let[l,f]of a)e.lineTo(l,f);e.closePath(),e.fill(),e.stroke()}}};customElements.define("mesh-surface",A);var b=60,k=34,G=(i,m,t,e)=>{let[n,r]=[i.mesh_min[m],i.mesh_max[m]];return E(n+(r-n)*t/(e-1),0)},g=i=>`${i>0?"+":""}${E(i,3)}`,O=class extends T{constructor(){super(...arguments);this.busy=""}static{this.properties={busy:{state:!0}}}async run(t){let n={measure:[...($.objects.toolhead?.homed_axes??"").length===3?[]:["G28"],"BED_MESH_CALIBRATE"],read:["BED_MESH_OUTPUT"],off:["BED_MESH_CLEAR"],save:["BED_MESH_PROFILE SAVE=default"]};this.busy=t,await $.attempt(async()=>{for(let r of n[t])await $.gcode(r)}),this.busy=""}render(){let t=$.objects.bed_mesh,e=t?.probed_matrix??[],n=e.length>1&&e[0].length>1;return c`<h1 class="page-head">${o("mesh.title")}</h1>
      ${t===void 0?c`<p class="card quiet empty">${R("mesh")}<span>${o("mesh.unable")}</span></p>`:c`${this.buttons(n)}
            ${n?this.shown(e,t):c`<p class="card quiet empty">${R("mesh")}<span>${o("mesh.none")}<br>${o("mesh.why")}</span></p>`}`}`}buttons(t){let e=$.online&&$.info?.link==="online"&&$.info.phase==="none";if(!$.may("CONTROL"))return _;let n=(r,h)=>c`<button type="button"
      ?disabled=${!e||this.busy!==""} @click=${()=>this.run(r)}>${h}</button>`;return c`<div class="tools even">
      <hold-button kind="primary" .label=${o("mesh.measure")} .disabled=${!e||this.busy!==""}
        @confirm=${()=>this.run("measure")}></hold-button>
      ${n("read",o("mesh.read"))}
      ${t?c`${n("save",o("mesh.save"))} ${n("off",o("mesh.off"))}`:_}
      <p role="status" class="quiet">${this.busy==="measure"?o("mesh.measuring"):""}</p>
    </div>`}shown(t,e){let n=C(t),r=(h,d)=>c`<div><dt>${h}</dt><dd>${g(d)} mm</dd></div>`;return c`<div class="dashboard even">
      <section class="card stack" aria-labelledby="map-title">
        <h2 id="map-title">${o("mesh.map")}</h2>
        <dl class="facts flush">${r(o("mesh.min"),n.min)} ${r(o("mesh.max"),n.max)}
          <div><dt>${o("mesh.range")}</dt><dd>${E(n.range,3)} mm</dd></div>
          ${r(o("mesh.mean"),n.mean)}</dl>
        ${this.map(t,e)} ${this.scale(t)}
      </section>
      <section class="card stack" aria-labelledby="surface-title">
        <h2 id="surface-title">${o("mesh.surface")}</h2>
        <mesh-surface .grid=${t} .label=${o("mesh.picture",{min:g(n.min),max:g(n.max)})}></mesh-surface>
        <p class="quiet small-text">${o("mesh.turn")}</p>
      </section></div>
      <details class="card"><summary>${o("mesh.table")}</summary>${this.table(t,e)}</details>`}map(t,e){let n=Math.max(...t.flat().map(Math.abs),1e-9),[r,h]=[t.length,t[0].length],[d,u]=[h*b,r*b];return c`<svg class="heat-map" viewBox="${-k} 0 ${d+k} ${u+k}"
        aria-hidden="true">
      ${t[0].map((p,s)=>M`<text class="axis" x=${(s+.5)*b}
        y=${u+k/2} text-anchor="middle" dominant-baseline="central">${G(e,0,s,h)}</text>`)}
      ${t.map((p,s)=>M`<text class="axis" x="-6" y=${(r-.5-s)*b}
        text-anchor="end" dominant-baseline="central">${G(e,1,s,r)}</text>`)}
      ${t.map((p,s)=>p.map((a,l)=>M`<rect
          x=${l*b} y=${(r-1-s)*b} width=${b} height=${b}
          fill=${w(a,n)}></rect>
        <text x=${(l+.5)*b} y=${(r-.5-s)*b} fill=${S(a,n)}
          font-size="14" text-anchor="middle" dominant-baseline="central">${g(a)}</text>`))}
    </svg>`}scale(t){let e=Math.max(...t.flat().map(Math.abs),1e-9);return c`<div class="mesh-scale" aria-hidden="true">
      <span>${g(-e)}</span><span class="ramp"></span><span>${g(e)} mm</span></div>`}table(t,e){let n=(h,d,u)=>G(e,h,d,u),r=[...t.entries()].reverse();return c`<div class="scroll" tabindex="0" role="region" aria-label=${o("mesh.table")}><table>
      <thead><tr><th scope="col">Y \\ X</th>${t[0].map((h,d)=>c`<th scope="col">${n(0,d,t[0].length)}</th>`)}</tr></thead>
      <tbody>${r.map(([h,d])=>c`<tr><th scope="row">${n(1,h,t.length)}</th>
        ${d.map(u=>c`<td>${g(u)}</td>`)}</tr>`)}</tbody></table></div>`}};customElements.define("mesh-view",O);
