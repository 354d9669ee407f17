// CommonJS because Temporal loads converters by require(), in the workflow bundle as well as in Node.
const { DefaultFailureConverter } = require('@temporalio/common');

/** Messages and stack traces of failures go through the payload codec like everything else. */
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
