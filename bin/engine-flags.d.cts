export declare const knowsFlags: boolean;
export declare const commandFlags: readonly string[];
export declare const commandEndFlags: readonly string[];
export declare const serverFlags: string[];
export declare const serverStartFlags: readonly string[];
export declare const typingFlags: readonly string[];
export declare const rmsFlags: readonly string[];
export declare const serverEnvironment: Readonly<Record<string, string>>;
