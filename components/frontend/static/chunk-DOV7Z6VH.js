import{l as e}from"./chunk-JKIA4B2D.js";var s=async()=>(await e("GET","api/settings")).temperature.profiles,n=t=>e("POST","api/settings",{temperature:{profiles:t}});export{s as a,n as b};
