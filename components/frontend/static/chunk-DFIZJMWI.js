import{l as e}from"./chunk-OT3RT2R4.js";var s=async()=>(await e("GET","api/settings")).temperature.profiles,n=t=>e("POST","api/settings",{temperature:{profiles:t}});export{s as a,n as b};
