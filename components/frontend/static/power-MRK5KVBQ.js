import"./chunk-INQ2QSSJ.js";import"./chunk-QRL4NPQN.js";import"./chunk-4N2Y7I32.js";import"./chunk-RU625THP.js";import"./chunk-TAM3WXDD.js";
