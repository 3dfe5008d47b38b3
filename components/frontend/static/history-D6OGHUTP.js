import{a as c,d as n,f as h,h as b,i as u}from"./chunk-A5JRV7AV.js";import{a as p}from"./chunk-HQ7YENXK.js";import{l as o}from"./chunk-TQNE6R5Z.js";import{a as s,d as l,i as t}from"./chunk-2TAXY2XJ.js";var m={completed:"good",error:"bad",interrupted:"bad",in_progress:"busy"},d=class extends p{constructor(){super(...arguments);this.jobs=null;this.totals=null;this.queue=null;this.reload=()=>{this.load()}}static{this.properties={jobs:{state:!0},totals:{state:!0},queue:{state:!0}}}connectedCallback(){super.connectedCallback(),o.addEventListener("jobs",this.reload),this.load()}disconnectedCallback(){super.disconnectedCallback(),o.removeEventListener("jobs",this.reload)}willUpdate(){this.jobs===null&&o.online&&this.load()}async load(){if(!o.online)return;this.jobs??=[];let e=()=>null,[i,r,a]=await Promise.all([o.call("server.history.list",{limit:50}).catch(e),o.call("server.history.totals").catch(e),o.call("server.job_queue.status").catch(e)]);this.jobs=i?.jobs??[],this.totals=r?.job_totals??null,this.queue=a}render(){return s`<h1 class="page-head">${t("history.title")}</h1>
      ${this.numbers()} ${this.waiting()}
      <section class="card" aria-labelledby="jobs-title">
        <h2 id="jobs-title">${t("history.jobs")}</h2>
        ${this.jobs?.length?this.table(this.jobs):s`<p class="quiet">${t("history.none")}</p>`}
      </section>`}numbers(){let e=this.totals;if(!e)return l;let i=[[t("history.jobs"),c(e.total_jobs)],[t("history.time"),n(e.total_print_time)],[t("history.filament"),b(e.total_filament_used)],[t("history.longest"),n(e.longest_print)]];return s`<section class="card"><dl class="facts flush">${i.map(([r,a])=>s`<div><dt>${r}</dt><dd>${a}</dd></div>`)}</dl></section>`}waiting(){let e=this.queue;if(!e)return l;let i=(r,a={})=>()=>o.attempt(()=>o.call(r,a)).then(this.reload);return s`<section class="card stack" aria-labelledby="queue-title">
      <h2 id="queue-title">${t("history.queue")}</h2>
      ${e.queued_jobs.length?s`<ol class="queue">${e.queued_jobs.map(r=>s`<li>
            <span class="grow">${u(r.filename)}</span>
            <button type="button" class="small" aria-label=${t("history.remove",{name:u(r.filename)})}
              @click=${i("server.job_queue.delete_job",{job_ids:[r.job_id]})}>
              ${t("people.remove")}</button></li>`)}</ol>
          ${o.may("PRINT")?s`<div class="row">${e.queue_state==="paused"?s`<button type="button" class="primary" @click=${i("server.job_queue.start")}>
                    ${t("history.startQueue")}</button>`:s`<button type="button" @click=${i("server.job_queue.pause")}>
                    ${t("history.pauseQueue")}</button>`}</div>`:l}`:s`<p class="quiet">${t("history.queueEmpty")}</p>`}
    </section>`}table(e){return s`<div class="scroll" tabindex="0" role="region" aria-labelledby="jobs-title"><table>
      <thead><tr><th scope="col">${t("history.file")}</th><th scope="col">${t("history.result")}</th>
        <th scope="col">${t("history.started")}</th><th scope="col">${t("history.took")}</th></tr></thead>
      <tbody>${e.map(i=>s`<tr>
        <td>${u(i.filename)}</td>
        <td><span class="badge ${m[i.status]??""}">${t(`result.${i.status}`)}</span></td>
        <td>${h(i.start_time)}</td><td>${n(i.total_duration)}</td></tr>`)}
      </tbody></table></div>`}};customElements.define("history-view",d);
