import"./chunk-5HC4YOEB.js";import"./chunk-F6IYAAGJ.js";import"./chunk-2BKGRBJ2.js";import"./chunk-RU625THP.js";import"./chunk-AVT4MWVU.js";
