<<<<<<< HEAD:components/frontend/static/chunk-NARRASME.js
import{a as s}from"./chunk-RU625THP.js";var o=t=>t instanceof s&&t.status===403&&/^log in again/.test(t.message);async function r(t){try{return await t()}catch(a){if(!o(a))throw a;let{askForPassword:n}=await import("./password-dialog-IXCM4Z3K.js");if(!await n())throw a;return t()}}export{r as a};
=======
<<<<<<<< HEAD:components/frontend/static/chunk-4PL7ZTJ6.js
import{a as s}from"./chunk-RU625THP.js";var o=t=>t instanceof s&&t.status===403&&/^log in again/.test(t.message);async function r(t){try{return await t()}catch(a){if(!o(a))throw a;let{askForPassword:n}=await import("./password-dialog-IEXI762P.js");if(!await n())throw a;return t()}}export{r as a};
========
import{a as s}from"./chunk-RU625THP.js";var o=t=>t instanceof s&&t.status===403&&/^log in again/.test(t.message);async function r(t){try{return await t()}catch(a){if(!o(a))throw a;let{askForPassword:n}=await import("./password-dialog-TAAN34OU.js");if(!await n())throw a;return t()}}export{r as a};
>>>>>>>> 9551df6 (Push the console to the page; speak German of findings and faults; check slicers' words against their sources; plant secrets in the support archive):components/frontend/static/chunk-GGYYDSUW.js
>>>>>>> 6317dd9 (Push the console to the page; speak German of findings and faults; check slicers' words against their sources; plant secrets in the support archive):components/frontend/static/chunk-4PL7ZTJ6.js
