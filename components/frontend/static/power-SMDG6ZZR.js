import"./chunk-7ZYXD6PN.js";import"./chunk-V7VQBITF.js";import"./chunk-3ASZDL6S.js";import"./chunk-RU625THP.js";import"./chunk-PUA3PEUA.js";
