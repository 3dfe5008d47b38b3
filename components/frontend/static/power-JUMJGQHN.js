import"./chunk-VFL3MXM7.js";import"./chunk-64G4WWHD.js";import"./chunk-2PZTPMJF.js";import"./chunk-RU625THP.js";import"./chunk-RX6SCQMU.js";
