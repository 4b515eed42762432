type Validator = (value: unknown) => boolean;

export declare const gateResult: Validator;
export declare const policyResult: Validator;
export declare const contextManifest: Validator;
