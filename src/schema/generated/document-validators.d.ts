type Validator = (value: unknown) => boolean;

export declare const decision: Validator;
export declare const architecture: Validator;
export declare const scope: Validator;
export declare const plan: Validator;
export declare const gates: Validator;
