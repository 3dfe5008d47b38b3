import{g as e}from"./chunk-RU625THP.js";var s=async()=>(await e("GET","api/settings")).temperature.profiles,n=t=>e("POST","api/settings",{temperature:{profiles:t}});export{s as a,n as b};
