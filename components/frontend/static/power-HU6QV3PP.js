import"./chunk-PRASGE7K.js";import"./chunk-DNABIUM5.js";import"./chunk-7LKY2THS.js";import"./chunk-RK5JDRNO.js";import"./chunk-JJDR7GUU.js";
