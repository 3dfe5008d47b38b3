import"./chunk-DQ4F5DKG.js";import"./chunk-PSPWBUEK.js";import"./chunk-S2FRVPOR.js";import"./chunk-RU625THP.js";import"./chunk-74HDYCKN.js";
