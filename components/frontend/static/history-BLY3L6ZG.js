import{a as R}from"./chunk-Z2LAGUGR.js";import"./chunk-VSC3XTA7.js";import{a as m}from"./chunk-DY3IWYBU.js";import"./chunk-72DYD4AI.js";import{a as w,b as q,d,f as E,h as p,i as u}from"./chunk-35X64PMC.js";import{a as j}from"./chunk-B544CBGK.js";import{A as n,h as _,m as k}from"./chunk-J5RRR37K.js";import{a,d as l,h as g,j as i}from"./chunk-M6YJ65Q2.js";var L={completed:"good",error:"bad",interrupted:"bad",in_progress:"busy"},x=12,b=7*86400,T=()=>Math.floor(Date.now()/1e3)-x*b;function M($){let h=T(),e=Array.from({length:x},(s,t)=>({begin:h+t*b,seconds:0,prints:0}));for(let s of $){let t=e[Math.floor((s.start_time-h)/b)];t&&(t.seconds+=s.print_duration,t.prints++)}return e}var S=30,P=["completed","cancelled","error","interrupted"],y=class extends j{constructor(){super(...arguments);this.weeks=[];this.most=S;this.only="";this.count=0;this.jobs=null;this.totals=null;this.queue=null;this.turns=new R;this.reload=()=>{this.load()}}static{this.properties={jobs:{state:!0},totals:{state:!0},queue:{state:!0},most:{state:!0},only:{state:!0},count:{state:!0}}}connectedCallback(){super.connectedCallback(),n.addEventListener("jobs",this.reload),this.load()}disconnectedCallback(){super.disconnectedCallback(),n.removeEventListener("jobs",this.reload)}async load(){if(!n.online)return;let e=this.turns.begin(),s=()=>null,[t,r,o,c]=await Promise.all([n.call("server.history.list",{limit:this.most}).catch(s),n.call("server.history.totals").catch(s),n.call("server.job_queue.status").catch(s),n.call("server.history.list",{limit:2e3,since:T()}).catch(s)]);e()&&(this.weeks=M(c?.jobs??[]),this.jobs=t?.jobs??[],this.count=t?.count??0,this.totals=r?.job_totals??null,this.queue=o)}render(){let e=a`<h1 class="page-head">${i("history.title")}</h1>`;return this.jobs===null?a`${e}
        <p class="quiet" aria-busy=${n.online?"true":"false"}>${i("app.loading")}</p>`:a`${e} ${this.numbers()} ${this.waiting()}
      <section class="card" aria-labelledby="jobs-title">
        ${this.jobs.length?this.choice():a`<h2 id="jobs-title">${i("history.jobs")}</h2>`}
        ${this.jobs.length?this.past(this.jobs):a`<p class="quiet empty">${m("history")}<span>${i("history.none")}</span></p>`}
      </section>`}past(e){let s=e.filter(t=>!this.only||t.status===this.only);return a`${this.table(s)}
      ${this.count>e.length?a`<button type="button" @click=${()=>{this.most+=S,this.load()}}>
            ${i("history.more")}</button>`:l}`}choice(){return a`<div class="row between"><h2 id="jobs-title">${i("history.jobs")}</h2>
      <label class="hidden" for="only">${i("history.result")}</label>
      <select id="only" class="small" @change=${e=>{this.only=e.target.value}}>
        <option value="">${i("history.all")}</option>
        ${P.map(e=>a`<option value=${e}>${i(`result.${e}`)}</option>`)}
      </select></div>`}again(e){n.attempt(()=>k("POST","api/gantry/print",{path:e.filename})).then(s=>s&&(location.hash="#/dashboard"))}forget(e){let s=()=>n.call("server.history.delete_job",{uid:e.job_id});n.attempt(s).then(this.reload)}numbers(){let e=this.totals;if(!e?.total_jobs)return l;let s=[[i("history.jobs"),w(e.total_jobs)],[i("history.time"),d(e.total_print_time)],[i("history.filament"),p(e.total_filament_used)],[i("history.longest"),d(e.longest_print)]],t=(this.jobs??[]).filter(o=>o.status!=="in_progress"),r=t.filter(o=>o.status==="completed");return t.length>2&&s.push([i("history.success",{number:t.length}),q(r.length/t.length)]),a`<section class="card stack" aria-labelledby="numbers-title">
      <h2 id="numbers-title">${i("history.statistics")}</h2>
      <dl class="facts flush">${s.map(([o,c])=>a`<div><dt>${o}</dt><dd>${c}</dd></div>`)}</dl>
      ${this.course()}</section>`}course(){let e=Math.max(...this.weeks.map(({seconds:t})=>t));if(e<=0)return l;let s=t=>new Date(t*1e3).toLocaleDateString(g,{day:"numeric",month:"numeric"});return a`<p class="quiet small-text" id="weeks">${i("history.weeks")}</p>
      <ol class="weeks" aria-labelledby="weeks">${this.weeks.map(({begin:t,seconds:r,prints:o},c)=>{let f=i("history.week",{day:s(t),time:d(r),number:o}),v=r?Math.max(r/e*100,2):0;return a`<li title=${f}><span class="hidden">${f}</span>
          <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true"><rect
            width="10" height=${v} y=${100-v}></rect></svg>
          <span class="quiet" aria-hidden="true">${c%3===2?s(t):""}</span></li>`})}</ol>`}waiting(){let e=this.queue;if(!e)return l;let s=(t,r={})=>()=>n.attempt(()=>n.call(t,r)).then(this.reload);return a`<section class="card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">${i("history.queue")}</h2>
      ${e.queued_jobs.length?a`<ol class="queue">${e.queued_jobs.map(t=>a`<li>
            <span class="grow">${u(t.filename)}</span>
            <button type="button" class="small" aria-label=${i("history.remove",{name:u(t.filename)})}
              @click=${s("server.job_queue.delete_job",{job_ids:[t.job_id]})}>
              ${i("people.remove")}</button></li>`)}</ol>
          ${n.may("PRINT")?a`<div class="row">${e.queue_state==="paused"?a`<button type="button" class="primary" @click=${s("server.job_queue.start")}>
                    ${i("history.startQueue")}</button>`:a`<button type="button" @click=${s("server.job_queue.pause")}>
                    ${i("history.pauseQueue")}</button>`}</div>`:l}`:a`<p class="quiet">${i("history.queueEmpty")}</p>`}
    </section>`}table(e){let s=n.info?.link==="online"&&n.info.phase==="none";return a`<ul class="jobs">${e.map(t=>a`<li>
      <span class="thumb small-thumb">${this.picture(t)}</span>
      <div class="grow">
        <strong>${u(t.filename)}</strong>
        <span class="badge ${L[t.status]??""}">${i(`result.${t.status}`)}</span>
        <p class="quiet small-text">${[E(t.start_time),d(t.total_duration),t.filament_used>0?p(t.filament_used):""].filter(Boolean).join(" \xB7 ")}</p>
      </div>
      ${t.exists&&n.may("PRINT")?a`<button type="button" class="small" ?disabled=${!s} aria-label=${i("history.again",{name:u(t.filename)})} @click=${()=>this.again(t)}>${i("dashboard.again")}</button>`:l}
      ${n.may("ADMIN")&&t.status!=="in_progress"?a`<hold-button kind="plain small" .label=${i("people.remove")}
            .name=${i("history.forget",{name:u(t.filename)})}
            @confirm=${()=>this.forget(t)}></hold-button>`:l}</li>`)}</ul>`}picture(e){let s=e.exists?e.metadata?.thumbnails?.at(-1)?.relative_path:void 0;if(!s)return m("file");let t=e.filename.split("/").slice(0,-1),r=_([...t,s].join("/"));return a`<api-image .path=${`server/files/gcodes/${r}`} alt=""></api-image>`}};customElements.define("history-view",y);
