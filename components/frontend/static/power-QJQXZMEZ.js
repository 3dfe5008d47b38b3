import"./chunk-IRDF5ALO.js";import"./chunk-DJNQWEQC.js";import"./chunk-5MQRGOLO.js";import"./chunk-RU625THP.js";import"./chunk-PYK3LNRO.js";
